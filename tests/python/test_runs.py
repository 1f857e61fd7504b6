# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Runs through the package against the same runs by the program."""
import os
import pathlib
import signal
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import numpy
import wagesim
from place import SOURCE, TINY, Place, without_clock


class Runs(Place):
    def test_keys_are_read_and_set(self):
        run = self.tiny()
        self.assertEqual(run["training.batch"], 8)
        self.assertEqual(run["training.eta"], {"0": 0})
        self.assertIs(run["data.shuffle"], True)
        self.assertEqual(run["network"]["layers"][1]["dense"]["units"], 10)
        run["training.batch"] = numpy.int64(16)
        run["training.eta"] = {0: 1, 2: -1}
        run["chip"] = pathlib.Path(SOURCE) / "configs/chips/small.yaml"
        self.assertEqual((run["training.batch"], run["training.eta.2"]), (16, -1))
        self.assertEqual(run.to_dict()["chip"]["lanes"], run["chip.lanes"])
        self.assertEqual(str(wagesim.parse(str(run))), str(run))
        self.assertEqual(str(wagesim.parse(run.to_dict())), str(run))
        self.assertEqual(repr(run), "<wagesim.Run tiny>")

    def test_changed_leaves_the_run_alone(self):
        run = self.tiny()
        self.assertEqual(run.changed({"training.batch": 4})["training.batch"], 4)
        self.assertEqual(run["training.batch"], 8)

    def test_faults_are_exceptions_with_one_line_and_leave_the_run_as_it_was(self):
        run = self.tiny()
        with self.assertRaisesRegex(wagesim.ConfigError, r"^training\.batch: got many, allowed an integer 1\.\.65536$"):
            run.set({"training.epochs": 9, "training.batch": "many"})
        with self.assertRaisesRegex(wagesim.ConfigError, "did you mean batch"):
            run["training.bath"] = 8
        with self.assertRaisesRegex(wagesim.ConfigError, "no such key"):
            run["chip.lanes"]
        with self.assertRaisesRegex(wagesim.Error, "/nowhere.yaml:1:1: "):
            wagesim.load("/nowhere.yaml")
        self.assertEqual(run["training.epochs"], 3)
        self.assertTrue(issubclass(wagesim.DataError, wagesim.Error))
        self.assertEqual(wagesim.ConfigError.__module__, "wagesim")
        with self.assertRaisesRegex(wagesim.DataError, "/nowhere.npz"):
            run.changed({"data": {"format": "npz", "file": "/nowhere.npz", "range": "unit"}}).train()

    def test_trains_and_simulates_as_the_program_does(self):
        file = self / "tiny.yaml"
        chip = ["--set", "chip=" + SOURCE + "/configs/chips/small.yaml"]
        self.assertEqual(without_clock(self.tiny().train()), without_clock(self.program("train", "-c", file)))
        self.assertEqual(without_clock(self.on_chip().simulate(steps=4, threads=1)),
                         without_clock(self.program("simulate", "-c", file, *chip, "--steps", "4")))
        timing = self.on_chip(**{"chip.fidelity": "timing"})
        self.assertEqual(without_clock(timing.simulate()),
                         without_clock(self.program("simulate", "-c", file, *chip, "--set", "chip.fidelity=timing")))
        self.assertEqual(self.tiny().config_hash, self.program("train", "-c", file)["config_hash"])

    def test_verifies_and_infers(self):
        run = self.on_chip()
        self.assertEqual(run.verify(steps=2)["differences"], 0)
        found = run.verify(steps=2, arguments=["--inject", "1:1:error_q:3:2"])
        self.assertEqual((found["differences"], found["first_difference"]["tensor"]), (1, "error_q"))
        trained = run.train(out=self / "out")
        weights = pathlib.Path(self / "out") / "weights.npz"
        for engine in ("reference", "chip"):
            self.assertEqual(run.infer(weights, engine)["test_error"], trained["final_test_error"])
        with self.assertRaisesRegex(ValueError, "engine: got 'gpu'"):
            run.infer(weights, "gpu")

    def test_lines_are_printed_as_they_come(self):
        lines = []
        self.tiny().train(out=self / "out", print=lines.append)
        self.assertTrue(lines[0].startswith("tiny: 100 training and 30 test images"), lines)
        self.assertTrue(lines[-1].startswith("final test error"), lines)

    def test_an_exception_of_the_listener_ends_the_run_and_comes_out(self):
        def listen(line):
            raise KeyError(line)

        with self.assertRaises(KeyError):
            self.tiny().train(out=self / "out", print=listen)

    def test_ctrl_c_ends_the_run_with_its_checkpoint(self):
        run = self.tiny().changed({"training.epochs": 500})

        def press():
            while not os.path.exists(self / "out/checkpoint.npz"):
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGINT)

        presser = threading.Thread(target=press)
        presser.start()
        with self.assertRaises(KeyboardInterrupt):
            run.train(out=self / "out")
        presser.join()
        goes_on = run.train(out=self / "out", resume=True)
        self.assertEqual(without_clock(goes_on), without_clock(run.train()))

    def test_runs_of_a_pool_are_computed_side_by_side(self):
        run = self.on_chip(**{"chip.fidelity": "timing"})
        batches = [4, 8, 16, 32]
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda batch: run.changed({"training.batch": batch}).simulate(), batches))
        alone = [run.changed({"training.batch": batch}).simulate() for batch in batches]
        self.assertEqual([r["chip"]["cycles"] for r in results], [r["chip"]["cycles"] for r in alone])
        self.assertEqual(len({r["chip"]["cycles"] for r in results}), 4)

    def test_options_that_do_not_exist_are_refused(self):
        with self.assertRaises(TypeError):
            self.tiny().train(step=3)
        with self.assertRaisesRegex(wagesim.ConfigError, "got --no-such-option"):
            self.tiny().train(arguments=["--no-such-option"])


if __name__ == "__main__":
    unittest.main()
