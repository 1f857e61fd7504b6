# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Python values as the YAML of run and sweep files, and back."""
import json
import os


def _plain(value):
    """Without NumPy's scalars and paths, which JSON does not know."""
    if isinstance(value, os.PathLike):
        return os.path.abspath(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        return value.tolist()
    return value


def to_yaml(value):
    """`value` as YAML on one line. A str is YAML already ("functional", "{0: 3}"); a path becomes absolute."""
    value = _plain(value)
    return value if isinstance(value, str) else json.dumps(value, allow_nan=False)


def to_json(value):
    """`value` as JSON, which is YAML: a str is a string."""
    return json.dumps(_plain(value), allow_nan=False)


def from_yaml(text):
    """A setting of a point: a number, a truth value or None where it is written as one, otherwise the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if value is None or isinstance(value, (bool, int, float)) else text
