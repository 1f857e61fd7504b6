# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Options of runs and sweeps, checked: one line that names the option, what it got and what it allows."""
import operator
import os

from ._wagesim import ConfigError


def _fault(name, value, allowed):
    return ConfigError(f"{name}: got {value!r}, allowed {allowed}")


def integer(name, value, least, most=2**31 - 1):
    """None, or an integer; NumPy's count as well."""
    if value is None:
        return None
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if isinstance(value, bool) or number is None or not least <= number <= most:
        raise _fault(name, value, f"an integer {least}..{most}")
    return number


def flag(name, value):
    if value is True or value is False:
        return value
    raise _fault(name, value, "True or False")


def path(name, value, required=True):
    """The path as a str; empty for None where that is allowed."""
    if value is None and not required:
        return ""
    text = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    if not isinstance(text, str) or not text or "\0" in text:
        raise _fault(name, value, "a path")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _fault(name, value, "a path of UTF-8 text") from None
    return text


def texts(name, value):
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return list(value)
    raise _fault(name, value, "a list of texts")


def callback(name, value):
    if value is None or callable(value):
        return value
    raise _fault(name, value, "something that can be called with a line")
