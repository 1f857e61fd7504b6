# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""A folder with a tiny run in it, and the program to compare with."""
import json
import os
import subprocess
import tempfile
import unittest

import wagesim

SOURCE = os.environ["WAGESIM_SOURCE_DIR"]
PROGRAM = os.environ["WAGESIM_BINARY"]

TINY = """\
name: tiny
seed: 7
network:
  name: tiny
  input: {channels: 1, height: 6, width: 6}
  layers:
    - conv: {filters: 4, kernel: 3, pool: 2}
    - dense: {units: 10}
data: {format: synthetic, count: 100, test_count: 30, classes: 10, range: unit}
training: {batch: 8, epochs: 3, eta: {0: 0}}
"""


class Place(unittest.TestCase):
    """Each test has a folder of its own, with tiny.yaml in it."""

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory(prefix="wagesim-")
        self.addCleanup(self._folder.cleanup)
        with open(self / "tiny.yaml", "w", encoding="utf-8") as file:
            file.write(TINY)

    def __truediv__(self, name):
        return os.path.join(self._folder.name, name)

    def tiny(self):
        return wagesim.load(self / "tiny.yaml")

    def on_chip(self, **settings):
        return self.tiny().changed({"chip": SOURCE + "/configs/chips/small.yaml", **settings})

    def program(self, *arguments):
        """The JSON that the program prints."""
        done = subprocess.run([PROGRAM, *arguments, "--json"], check=True, capture_output=True, text=True)
        return json.loads(done.stdout)


def without_clock(result):
    """A result without what differs from run to run."""
    result = {key: value for key, value in result.items() if key not in ("wall_seconds", "host")}
    result["epochs"] = [{k: v for k, v in epoch.items() if k != "images_per_second"} for epoch in result["epochs"]]
    return result
