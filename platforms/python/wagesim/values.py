# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Python values as the YAML of run and sweep files, and back."""
import json
import os
import re

from ._wagesim import ConfigError

# What YAML reads as it stands, wherever it stands.
_PLAIN = re.compile(r"[A-Za-z0-9_./+-]+\Z")


def to_yaml(key, value):
    """The value of `key` as YAML on one line. A str is YAML already ("functional", "{0: 3}"); a path becomes absolute."""
    if not isinstance(value, str):
        return to_flow(key, value)
    return _encodable(key, value, value)


def to_flow(key, value):
    """The same inside of other YAML: a str is quoted where it is neither one plain word nor a list or map."""
    try:
        return _encodable(key, value, _flow(value))
    except (TypeError, ValueError, RecursionError) as fault:
        raise ConfigError(f"{key}: got {_short(value)}, allowed what YAML can say ({fault})") from None


def from_yaml(text):
    """A setting of a point: a number, a truth value, None or a text, as it is written."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return text
    return value if value is None or isinstance(value, (bool, int, float, str)) else text


def _encodable(key, value, text):
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"{key}: got {_short(value)}, allowed UTF-8 text") from None
    return text


def _flow(value):
    if isinstance(value, os.PathLike):
        return json.dumps(os.path.abspath(os.fsdecode(value)), ensure_ascii=False)
    if isinstance(value, str):
        return value if _PLAIN.match(value) or value[:1] in ("{", "[") else json.dumps(value, ensure_ascii=False)
    if hasattr(value, "dtype") and value.dtype.kind == "f" and value.dtype.itemsize < 8:  # 1.6 and not its double
        return _flow(list(value)) if value.ndim else _flow(float(str(value)))
    if hasattr(value, "tolist") and not isinstance(value, (list, tuple)):  # NumPy's scalars and arrays
        return _flow(value.tolist())
    if isinstance(value, dict):
        entries = {_key(key): _flow(each) for key, each in value.items()}
        if len(entries) < len(value):
            raise ValueError("two keys are one in YAML")
        return "{" + ", ".join(f"{key}: {each}" for key, each in entries.items()) + "}"
    if isinstance(value, (list, tuple, range)):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return json.dumps(value, allow_nan=False)


def _key(key):
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        raise TypeError(f"the key {key!r} is neither a text nor an integer")
    text = str(key)
    return text if _PLAIN.match(text) else json.dumps(text, ensure_ascii=False)


def _short(value):
    try:
        text = repr(value)
    except RecursionError:
        text = "a value that contains itself"
    return text if len(text) <= 60 else text[:57] + "..."


def _refuse(constant):
    raise ValueError(constant)
