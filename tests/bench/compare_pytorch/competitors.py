# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# How each program is started for the comparison, and the search for the settings in which PyTorch is fastest here.
"""Starts wagesim's step_worker and PyTorch's torch_worker with a given number of threads."""

import json
import pathlib
import subprocess

from worker import Worker, WorkerError

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = "python3-torch python3-numpy libopenblas0-openmp"

# Without these glibc returns each large tensor to the kernel and gets it back zeroed, page by page.
TUNED_MALLOC = {"MALLOC_MMAP_MAX_": 0, "MALLOC_TRIM_THRESHOLD_": 1 << 34, "MALLOC_TOP_PAD_": 1 << 28}
# A core type in the environment can make OpenBLAS take another machine's kernels.
OWN_CORE = {"OPENBLAS_CORETYPE": None}
LAYOUTS = ("plain", "channels_last", "channels_last_traced", "opaque")


def threads_environment(threads, wait):
    """OpenMP's variables; `wait` is "passive", or "default" for libgomp's own spinning."""
    return {"OMP_NUM_THREADS": threads, "OMP_DYNAMIC": "false", "GOMP_SPINCOUNT": None, "OMP_PROC_BIND": None,
            "OMP_WAIT_POLICY": "passive" if wait == "passive" else None}


def start_wagesim(build, network, batch, threads, width=1):
    """The reference trainer as `wagesim train` runs it: idle threads sleep (ADR 6)."""
    return Worker("wagesim", [str(build / "bench" / "step_worker"), network, str(batch), str(width)],
                  threads_environment(threads, "passive"))


def start_peak(build, kind, threads):
    """The arithmetic peak, kind int8 or fp32."""
    return Worker(f"peak {kind}", [str(build / "bench" / "peak_worker"), kind], threads_environment(threads, "passive"))


def missing_packages(python):
    """None, or one line on what to install, where `python` cannot run the competitor at its best."""
    try:
        probe = subprocess.run([python, "-c", "import numpy, torch; print(torch.__version__)"], capture_output=True,
                               text=True, check=False)
    except OSError as error:
        return f"{python}: {error.strerror}"
    if probe.returncode != 0:
        return f"{python} has no torch and numpy: apt-get install --no-install-recommends {PACKAGES}"
    return None


class PyTorch:
    """PyTorch's workers for one network, batch and number of threads."""

    def __init__(self, python, layers, batch, threads):
        self._python = python
        self._layers = layers
        self._batch = batch
        self._threads = threads

    def start(self, kind, settings):
        """Kind fp32 or wage; `settings`: layout, wait and huge_pages."""
        environment = {**TUNED_MALLOC, **OWN_CORE, **threads_environment(self._threads, settings["wait"])}
        environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1" if settings["huge_pages"] else None
        worker = Worker(f"pytorch {kind}",
                        [self._python, str(HERE / "torch_worker.py"), "--kind", kind, "--layout", settings["layout"],
                         "--threads", str(self._threads), "--batch", str(self._batch), "--geometry",
                         json.dumps(self._layers)], environment)
        try:
            self._check(worker)
        except WorkerError:
            worker.close()
            raise
        return worker

    def _check(self, worker):
        greeting = worker.greeting
        libraries = " ".join(greeting["blas"])
        if not any(name in libraries for name in ("openblas", "blis", "mkl")):
            raise WorkerError(f"{worker.name}: loads {libraries or 'no BLAS'}, which is not an optimised one: "
                              f"apt-get install --no-install-recommends {PACKAGES}")
        expected = [layer["macs"] for layer in self._layers]
        if greeting["macs"] != expected:
            raise WorkerError(f"{worker.name}: counts {greeting['macs']} MACs a layer, wagesim {expected}")
        if greeting["threads"] != self._threads:
            raise WorkerError(f"{worker.name}: runs {greeting['threads']} threads, asked for {self._threads}")

    def _trial(self, kind, settings, seconds):
        """Fastest step, in seconds, of trials that take about `seconds` after two steps of warm-up."""
        with self.start(kind, settings) as worker:
            worker.run(1)
            step = worker.run(1)["seconds"]
            rounds = max(1, round(seconds / 2 / step))
            return min(worker.run(rounds)["seconds"] / rounds for _ in range(2))

    def best_settings(self, kind, seconds):
        """The fastest settings and all trials: first the layouts, then for the best of them libgomp's spinning, then
        huge pages, each kept where it was faster."""
        layouts = LAYOUTS if kind == "fp32" else ("plain", "channels_last")
        trials = []

        def attempt(settings):
            trials.append({**settings, "seconds_per_step": self._trial(kind, settings, seconds)})

        def fastest():
            return {k: v for k, v in min(trials, key=lambda t: t["seconds_per_step"]).items() if k != "seconds_per_step"}

        for layout in layouts:
            attempt({"layout": layout, "wait": "passive", "huge_pages": False})
        attempt({**fastest(), "huge_pages": True})
        if self._threads > 1:
            attempt({**fastest(), "wait": "default"})
        return fastest(), trials
