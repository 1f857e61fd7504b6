# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Sweeps through the package against single runs and against the program."""
import os
import pathlib
import shutil
import unittest

import numpy
import wagesim
from place import SOURCE, Place


class Sweeps(Place):
    def lanes(self, **more):
        run = self.on_chip(**{"chip.fidelity": "timing"})
        return run, wagesim.sweep(run, name="lanes", command="simulate",
                                  axes={"chip.lanes": [4, 8], "training.batch": {"log_range": [8, 32]}},
                                  objectives={"chip.cycles": "min", "chip.area_mm2": "min"}, **more)

    def test_points_are_those_of_single_runs(self):
        run, sweep = self.lanes()
        self.assertEqual(len(sweep), 6)
        results = sweep.run(self / "out", jobs=2)
        points = results.points()
        self.assertEqual(list(points["chip.lanes"]), [4, 4, 4, 8, 8, 8])
        self.assertEqual(list(points["training.batch"]), [8, 16, 32] * 2)
        self.assertEqual(set(points["state"]), {"done"})
        for i, row in points.iterrows():
            alone = run.changed({"chip.lanes": row["chip.lanes"], "training.batch": row["training.batch"]}).simulate()
            self.assertEqual(row["chip.cycles"], alone["chip"]["cycles"])
            self.assertEqual(results.result(i)["chip"], alone["chip"])
        numpy.testing.assert_array_equal(results.figure("chip.cycles"), points["chip.cycles"])
        self.assertTrue(numpy.isnan(results.figure("no.such")).all())
        for number in (-1, 6):
            with self.assertRaisesRegex(IndexError, r"allowed 0\.\.5"):
                results.result(number)

    def test_front_and_sensitivity_are_those_of_the_program(self):
        _, sweep = self.lanes()
        results = sweep.run(self / "out")
        best = self.program("sweep", "best", "-c", self / "out/sweep.yaml", "--out", self / "out")
        collected = self.program("sweep", "collect", "-c", self / "out/sweep.yaml", "--out", self / "out")
        fronts = [each["front"] for each in collected["configurations"]]
        self.assertEqual(list(results.points()["front"]), fronts)
        self.assertEqual(list(results.front().index), [i for i, front in enumerate(fronts) if front == 1])
        self.assertEqual(len(best["sensitivities"]), 4)
        for each in best["sensitivities"]:
            self.assertEqual(results.sensitivity().loc[each["variable"], each["objective"]], each["share"])

    def test_stages_seeds_and_constraints_are_those_of_sweep_files(self):
        run = self.on_chip()
        sweep = wagesim.sweep(
            run, name="staged", axes=[{"chip.lanes": [4, 8], "training.batch": [8, 16]}, {"chip.buffer.kib": [64, 128]}],
            stages=[{"name": "screen", "command": "simulate", "set": {"chip.fidelity": "timing"}},
                    {"name": "learn", "keep": {"best": 1}, "command": "train"}],
            seeds=[1, 2], constraints=["chip.lanes + chip.buffer.kib < 136"],
            objectives={"chip.cycles": "min", "final_test_error": "min"})
        self.assertEqual(len(sweep), 8)
        results = sweep.run(self / "out")
        points = results.points()
        self.assertEqual(list(points["state"]).count("excluded"), 2)
        learned = points[points["stage"] == "learn"]
        self.assertEqual(len(learned), 2)  # one design, two seeds
        self.assertTrue(learned["final_test_error"].notna().all())
        self.assertEqual(results.variables["seed"], "seed")
        self.assertEqual(results.objectives, {"chip.cycles": "min", "final_test_error": "min"})

    def test_faults_name_what_is_wrong(self):
        run = self.on_chip(**{"chip.fidelity": "timing"})
        with self.assertRaisesRegex(wagesim.ConfigError, "objectives.chip.cycles: got least, allowed min"):
            wagesim.sweep(run, name="x", command="simulate", axes={"chip.lanes": [4]}, objectives={"chip.cycles": "least"})
        with self.assertRaisesRegex(wagesim.ConfigError, "sampel: got an unknown key"):
            wagesim.sweep(run, name="x", command="simulate", axes={"chip.lanes": [4]}, objectives={"chip.cycles": "min"},
                          sampel="grid")
        with self.assertRaisesRegex(wagesim.DataError, "none"):
            wagesim.open_sweep(self / "none")
        illegal = wagesim.sweep(run, name="x", command="simulate", axes={"chip.lanes": [4, 5]},
                                objectives={"chip.cycles": "min"})
        with self.assertRaisesRegex(wagesim.ConfigError, "chip.lanes: got 5"):
            illegal.run(self / "out")

    def test_texts_paths_and_ranges_are_values(self):
        run = self.on_chip(**{"chip.fidelity": "timing"})
        chips = pathlib.Path(SOURCE) / "configs/chips"
        os.makedirs(self / "o #p: q")
        shutil.copytree(pathlib.Path(SOURCE) / "configs", self / "o #p: q/configs")
        odd = pathlib.Path(self / "o #p: q/configs/chips/small.yaml")
        sweep = wagesim.sweep(run, name="é😀: odd", command="simulate", set={"training.eta": "{0: 1}"},
                              axes=[{"chip": [chips / "small.yaml", odd]}, {"chip.fidelity": ["timing"]},
                                    {"training.batch": range(8, 11)}],
                              objectives={"chip.cycles": "min"})
        results = sweep.run(self / "out")
        points = results.points()
        self.assertEqual(results.name, "é😀: odd")
        self.assertEqual(list(points[points["chip.fidelity"] == "timing"].index), list(range(6)))
        self.assertEqual(list(points["training.batch"]), [8, 9, 10] * 2)
        self.assertEqual(points["chip"].iloc[5], str(odd))

    def test_widths_of_float_are_values(self):
        sweep = wagesim.sweep(self.tiny(), name="g", command="train", axes={"widths.g": ["float", 8]},
                              objectives={"final_test_error": "min"})
        self.assertEqual(list(sweep.run(self / "out").points()["state"]), ["done", "done"])

    def test_options_are_checked(self):
        _, sweep = self.lanes()
        for options, line in [({"jobs": "2"}, "jobs: got '2'"), ({"jobs": 0}, "jobs: got 0"), ({"threads": -1}, "threads: got -1"),
                              ({"retry_failed": 1}, "retry_failed: got 1"), ({"print": "x"}, "print: got 'x'")]:
            with self.assertRaisesRegex(wagesim.ConfigError, line):
                sweep.run(self / "out", **options)
        self.assertFalse(os.path.exists(self / "out"))
        with self.assertRaisesRegex(wagesim.ConfigError, "out: got ''"):
            sweep.run("")
        with self.assertRaisesRegex(wagesim.ConfigError, "base: got 'run.yaml'"):
            wagesim.sweep("run.yaml", name="x", axes={}, objectives={})
        with self.assertRaisesRegex(wagesim.ConfigError, "a key: got 'a=b'"):
            wagesim.load_sweep("x.yaml", {"a=b": 1})

    def test_a_sweep_file_with_settings_of_its_own(self):
        with open(self / "sweep.yaml", "w", encoding="utf-8") as file:
            file.write("name: gamma\nbase: tiny.yaml\ncommand: train\naxes: [{training.gamma: [1, 2]}]\n"
                       "objectives: {final_test_error: min}\n")
        sweep = wagesim.load_sweep(self / "sweep.yaml", {"training.epochs": 1})
        self.assertEqual(repr(sweep), "<wagesim.Sweep gamma, 2 points>")
        lines = []
        results = sweep.run(self / "out", jobs=1, threads=1, print=lines.append)
        self.assertIn("2 done, 0 failed, 0 missing", lines)
        self.assertEqual([len(results.result(i)["epochs"]) for i in range(2)], [1, 1])
        self.assertEqual(results.result(0).weights()[0].shape, (4, 1, 3, 3))
        self.assertEqual(len(wagesim.open_sweep(self / "out")), 2)


if __name__ == "__main__":
    unittest.main()
