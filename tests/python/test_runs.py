# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Runs through the package against the same runs by the program."""
import copy
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
import unittest
import unittest.mock
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
        with self.assertRaisesRegex(wagesim.ConfigError, "engine: got 'gpu'"):
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

    def press(self, *times):
        """Ctrl-C, so many seconds after the run has its first checkpoint."""
        def press():
            deadline = time.monotonic() + 60
            while not os.path.exists(self / "out/checkpoint.npz") and time.monotonic() < deadline:
                time.sleep(0.02)
            for seconds in times:
                time.sleep(seconds)
                os.kill(os.getpid(), signal.SIGINT)

        presser = threading.Thread(target=press)
        presser.start()
        self.addCleanup(presser.join)

    def test_ctrl_c_ends_the_run_with_its_checkpoint(self):
        run = self.tiny().changed({"training.epochs": 500})
        self.press(0)
        with self.assertRaises(KeyboardInterrupt):
            run.train(out=self / "out")
        goes_on = run.train(out=self / "out", resume=True)
        self.assertEqual(without_clock(goes_on), without_clock(run.train()))

    def test_a_second_ctrl_c_ends_it_at_once(self):
        os.makedirs(self / "out")
        open(self / "out/checkpoint.npz", "w", encoding="utf-8").close()
        stand_in = self / "program"
        with open(stand_in, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.05; done\n")
        os.chmod(stand_in, 0o755)
        self.press(0.5, 0.5)
        with unittest.mock.patch.dict(os.environ, {"WAGESIM_PROGRAM": stand_in}):
            began = time.monotonic()
            with self.assertRaises(KeyboardInterrupt):
                self.tiny().train()
        self.assertLess(time.monotonic() - began, 30)

    def test_no_ctrl_c_is_lost_however_early_it_comes_or_late(self):
        run = self.on_chip(**{"chip.fidelity": "timing"})
        run.simulate()  # warm
        began = time.monotonic()
        run.simulate()
        whole = time.monotonic() - began
        pressed = 0
        for i in range(20):
            timer = threading.Timer(whole * 1.2 * i / 20, os.kill, (os.getpid(), signal.SIGINT))
            try:
                timer.start()
                run.simulate()
                timer.join()  # after its end it comes here
                time.sleep(0.01)
            except KeyboardInterrupt:
                pressed += 1
            timer.join()
        self.assertEqual(pressed, 20)

    def test_interrupt_ends_the_runs_of_all_threads(self):
        run = self.tiny().changed({"training.epochs": 100_000})
        faults = []

        def train(name):
            try:
                run.train(out=self / name)
            except wagesim.Interrupted as fault:
                faults.append(str(fault))

        threads = [threading.Thread(target=train, args=(name,)) for name in ("out", "other")]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        while not os.path.exists(self / "out/checkpoint.npz") and time.monotonic() < deadline:
            time.sleep(0.02)
        wagesim.interrupt()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(faults), 2)
        self.assertEqual(self.tiny().train(steps=2)["steps"], 2)  # later ones are computed

    def expect_end_of(self, script):
        """Of an interpreter of its own, which ends well within a minute."""
        done = subprocess.run([sys.executable, "-c", script, self / "tiny.yaml"], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_interpreter_may_end_while_a_thread_computes(self):
        script = ("import threading, time, wagesim, sys\n"
                  "run = wagesim.load(sys.argv[1]).changed({'training.epochs': 100000})\n"
                  "threading.Thread(target=run.train, daemon=True).start()\n"
                  "time.sleep(0.5)\n")
        self.expect_end_of(script)

    def test_the_interpreter_may_end_while_threads_begin_runs_again_and_again(self):
        script = ("import threading, time, wagesim, sys\n"
                  "run = wagesim.load(sys.argv[1])\n"
                  "def work():\n"
                  "    while True:\n"
                  "        try: run.train()\n"
                  "        except wagesim.Error: pass\n"
                  "for _ in range(3): threading.Thread(target=work, daemon=True).start()\n"
                  "time.sleep(0.5)\n")
        self.expect_end_of(script)

    def test_a_fork_beside_a_run_may_end(self):
        script = ("import os, sys, threading, time, wagesim\n"
                  "run = wagesim.load(sys.argv[1]).changed({'training.epochs': 100000})\n"
                  "threading.Thread(target=run.train, daemon=True).start()\n"
                  "time.sleep(0.3)\n"
                  "pid = os.fork()\n"
                  "if pid == 0:\n"
                  "    assert run.changed({'training.epochs': 1}).train()['steps'] == 12\n"
                  "    sys.exit(7)\n"
                  "assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7\n")
        self.expect_end_of(script)

    def test_runs_are_copied_and_pickled_by_value(self):
        run = self.tiny()
        for copied in (copy.copy(run), copy.deepcopy(run), pickle.loads(pickle.dumps(run))):
            self.assertEqual(str(copied), str(run))
            copied["training.batch"] = 4
            self.assertEqual(run["training.batch"], 8)

    def test_a_run_may_be_hashed_while_another_thread_sets_it(self):
        run = self.tiny()
        stop = threading.Event()

        def read():
            while not stop.is_set():
                self.assertEqual(len(run.config_hash), 64)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for i in range(100):
            run["seed"] = i
        stop.set()
        for thread in threads:
            thread.join()

    def test_float_companions_go_through_dicts(self):
        run = wagesim.parse({**self.tiny().to_dict(), "widths": {"w": 2, "a": 8, "g": "float", "e": 8}})
        self.assertEqual(run["widths.g"], "float")
        self.assertEqual(str(wagesim.parse(run.to_dict())), str(run))

    def test_options_are_checked_with_one_line_each(self):
        run = self.tiny()
        for options, line in [
            ({"steps": -1}, "steps: got -1, allowed an integer 0.."), ({"steps": "3"}, "steps: got '3'"),
            ({"steps": 2**64}, "steps: got 18446744073709551616"), ({"threads": 1.5}, "threads: got 1.5"),
            ({"threads": 0}, "threads: got 0"), ({"resume": "yes"}, "resume: got 'yes', allowed True or False"),
            ({"print": 3}, "print: got 3"), ({"arguments": "--record"}, "arguments: got '--record', allowed a list"),
            ({"out": ""}, "out: got ''"), ({"weights": ""}, "weights: got ''"), ({"out": "a\0b"}, "out: got"), ({"weights": b"w"}, "weights: got b'w'"),
            ({"arguments": ["--out", "x"]}, "arguments: got --out"), ({"print": len}, "print: got no folder"),
        ]:
            with self.assertRaises(wagesim.ConfigError) as fault:
                run.train(**options)
            self.assertIn(line, str(fault.exception))
            self.assertNotIn("\n", str(fault.exception))
        for key in (3, None, "", "training.batch=3"):
            with self.assertRaisesRegex(wagesim.ConfigError, "a key: got "):
                run.set({key: 4})
        with self.assertRaisesRegex(wagesim.ConfigError, "a key: got 3"):
            run[3]
        self.assertIn("training.batch", run)
        self.assertNotIn("chip.lanes", run)
        with self.assertRaises(TypeError):
            list(run)
        with self.assertRaisesRegex(TypeError, "wagesim.load"):
            wagesim.Run("tiny.yaml")
        self.assertEqual(run.train(steps=numpy.int64(2))["steps"], 2)
        for call in (wagesim.load, run.infer):
            with self.assertRaisesRegex(wagesim.ConfigError, "got None, allowed a path"):
                call(None)

    def test_results_know_their_folder_after_a_change_of_directory(self):
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self / ".")
        result = wagesim.load("tiny.yaml").train(out="out", steps=1)
        os.chdir(before)
        self.assertEqual(len(result.weights()), 2)

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
