# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import unittest

import numpy
from wagesim.figures import figure
from wagesim.values import from_yaml, to_json, to_yaml


class Values(unittest.TestCase):
    def test_values_become_yaml(self):
        for value, text in [
            (8, "8"), (0.5, "0.5"), (True, "true"), (None, "null"), ("functional", "functional"), ("{0: 3}", "{0: 3}"),
            ([1, "a"], '[1, "a"]'), ({0: 3, 200: 0}, '{"0": 3, "200": 0}'), (numpy.int64(7), "7"),
            (numpy.float32(0.5), "0.5"), (numpy.array([1, 2]), "[1, 2]"), (numpy.bool_(True), "true"), ((1, 2), "[1, 2]"),
        ]:
            self.assertEqual(to_yaml(value), text)
        self.assertEqual(to_yaml(pathlib.Path("x/y")), os.path.abspath("x/y"))
        self.assertEqual(to_json("functional"), '"functional"')
        self.assertEqual(to_json([pathlib.Path("/a"), numpy.uint8(3)]), '["/a", 3]')

    def test_what_yaml_of_numbers_cannot_say_is_refused(self):
        for value in (float("nan"), float("inf"), [float("nan")]):
            with self.assertRaises(ValueError):
                to_yaml(value)

    def test_settings_become_values(self):
        for text, value in [("8", 8), ("0.5", 0.5), ("true", True), ("null", None), ("functional", "functional"),
                            ("{0: 3}", "{0: 3}"), ("[1, 2]", "[1, 2]"), ('"8"', '"8"'), ("2-8", "2-8")]:
            self.assertEqual(from_yaml(text), value)
            self.assertIs(type(from_yaml(text)), type(value))

    def test_figures_are_found_by_dotted_paths(self):
        result = {"a": {"b": [{"c": 1}, {"c": 2}]}, "n": None}
        self.assertEqual(figure(result, "a.b.0.c"), 1)
        self.assertEqual(figure(result, "a.b.last.c"), 2)
        for path in ("a.b.2.c", "a.x", "a.b.-1.c", "n.x", "", "a.b.first", "n"):
            self.assertIsNone(figure(result, path))


if __name__ == "__main__":
    unittest.main()
