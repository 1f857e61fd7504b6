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

    def start(self, name, kind, settings):
        """Kind fp32 or wage; `settings`: layout, wait, huge_pages and tuned_malloc."""
        environment = {**OWN_CORE, **threads_environment(self._threads, settings["wait"])}
        environment.update(TUNED_MALLOC if settings["tuned_malloc"] else dict.fromkeys(TUNED_MALLOC))
        environment["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1" if settings["huge_pages"] else None
        worker = Worker(name,
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

    def _trial(self, settings, seconds):
        """Seconds a step in fp32: the fastest of trials that fill about `seconds` after a step of warm-up."""
        with self.start("pytorch fp32", "fp32", settings) as worker:
            worker.run(1)
            fastest = worker.run(1)["seconds"]
            rounds = round(seconds / 2 / fastest)
            for _ in range(2 if rounds > 0 else 0):
                fastest = min(fastest, worker.run(rounds)["seconds"] / rounds)
            return fastest

    def best_settings(self, seconds):
        """The fastest settings in fp32, and all trials: first the layouts, then for the best of them huge pages, then
        libgomp's spinning, each kept where it was faster."""
        trials = []

        def attempt(settings):
            trials.append({**settings, "seconds_per_step": self._trial(settings, seconds)})

        def fastest():
            best = dict(min(trials, key=lambda trial: trial["seconds_per_step"]))
            del best["seconds_per_step"]
            return best

        for layout in LAYOUTS:
            attempt({"layout": layout, "wait": "passive", "huge_pages": False, "tuned_malloc": True})
        attempt({**fastest(), "huge_pages": True})
        if self._threads > 1:
            attempt({**fastest(), "wait": "default"})
        return fastest(), trials

    def programs(self, best):
        """Name, kind and settings of the programs to compare with, given fp32's best settings. The emulation runs under
        the same ones (tracing and oneDNN's own layout know no quantizers), and as PyTorch comes, with no setting but
        the threads."""
        tuned = {**best, "layout": "plain" if best["layout"] == "plain" else "channels_last"}
        plain = {"layout": "plain", "wait": best["wait"], "huge_pages": False, "tuned_malloc": False}
        return [("pytorch fp32", "fp32", best), ("emulation tuned", "wage", tuned), ("emulation", "wage", plain)]
