# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Dotted paths into a result."""


def figure(result, path):
    """The value under a dotted path: "chip.energy_j", "epochs.last.test_error". None where there is none."""
    if not isinstance(path, str):
        raise TypeError(f"path: got {path!r}, allowed a dotted path")
    at = result
    for part in path.split("."):
        if isinstance(at, dict):
            at = at.get(part)
        elif isinstance(at, list) and at and part == "last":
            at = at[-1]
        elif isinstance(at, list) and part.isascii() and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return None
    return at
