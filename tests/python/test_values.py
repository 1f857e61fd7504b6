# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
import decimal
import json
import os
import pathlib
import unittest

import numpy
import wagesim
from wagesim.figures import figure
from wagesim.values import from_yaml, to_flow, to_yaml


class Values(unittest.TestCase):
    def test_values_become_yaml(self):
        for value, text in [
            (8, "8"), (0.5, "0.5"), (True, "true"), (None, "null"), ([1, "a"], "[1, a]"), ({0: 3, 200: 0}, "{0: 3, 200: 0}"),
            (numpy.int64(7), "7"), (numpy.float32(1.6), "1.6"), (numpy.array([1.6, 2], "f4"), "[1.6, 2.0]"), (numpy.array([1, 2]), "[1, 2]"),
            (numpy.bool_(True), "true"), ((1, 2), "[1, 2]"), (range(4, 7), "[4, 5, 6]"), ([], "[]"), (1e-7, "1e-07"),
            (pathlib.Path("/p: q/#b"), '"/p: q/#b"'), ([pathlib.Path("/a"), numpy.uint8(3)], '["/a", 3]'),
            ({"a b": "c: d"}, '{"a b": "c: d"}'), (["{0: 1}", "float", "é😀"], '[{0: 1}, float, "é😀"]'),
        ]:
            self.assertEqual(to_yaml("key", value), text)
        self.assertEqual(to_yaml("key", pathlib.Path("x/y")), json.dumps(os.path.abspath("x/y")))
        for text in ("functional", "{0: 3}", "c: d"):  # YAML already
            self.assertEqual(to_yaml("key", text), text)
        self.assertEqual(to_flow("key", "c: d"), '"c: d"')

    def test_what_yaml_cannot_say_is_refused_with_its_key(self):
        circle = []
        circle.append(circle)
        for value in (float("nan"), [float("inf")], b"8", {1, 2}, decimal.Decimal(3), {1: 2, "1": 3}, {None: 1}, circle, "\ud800", pathlib.Path("\udcff")):
            with self.assertRaisesRegex(wagesim.ConfigError, r"^training\.batch: got "):
                to_yaml("training.batch", value)

    def test_settings_become_values(self):
        for text, value in [("8", 8), ("0.5", 0.5), ("true", True), ("null", None), ("functional", "functional"),
                            ("{0: 3}", "{0: 3}"), ("[1, 2]", "[1, 2]"), ('"a b"', "a b"), ("2-8", "2-8"), ("NaN", "NaN"),
                            ("Infinity", "Infinity"), ("1e999", "1e999")]:
            self.assertEqual(from_yaml(text), value)
            self.assertIs(type(from_yaml(text)), type(value))

    def test_figures_are_found_by_dotted_paths(self):
        result = {"a": {"b": [{"c": 1}, {"c": 2}]}, "n": None}
        self.assertEqual(figure(result, "a.b.0.c"), 1)
        self.assertEqual(figure(result, "a.b.last.c"), 2)
        for path in ("a.b.2.c", "a.x", "a.b.-1.c", "n.x", "", "a.b.first", "n", "a.b.\u0660.c"):
            self.assertIsNone(figure(result, path))
        with self.assertRaisesRegex(TypeError, "path: got 3"):
            figure(result, 3)


if __name__ == "__main__":
    unittest.main()
