# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Drives benchmark processes that speak the protocol of serve.hpp. Standard library only.
"""Processes that run rounds on request, and statistics over what they answer."""

import json
import os
import statistics
import subprocess
import time

# How long the threads of the process that ran last may spin before the next process is timed, in seconds.
SETTLE_SECONDS = 0.02


class WorkerError(Exception):
    """A worker that cannot be started, or ended, or answered something else."""


class Worker:
    """One process. `greeting` is its first line; `run` asks for rounds. Use it in a `with`."""

    def __init__(self, name, command, environment):
        """`environment` maps variables to values, None for a variable that must not be set."""
        self.name = name
        env = dict(os.environ)
        for key, value in environment.items():
            env.pop(key, None)
            if value is not None:
                env[key] = str(value)
        try:
            self._process = subprocess.Popen(
                command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            raise WorkerError(f"{name}: {command[0]}: {error.strerror}") from error
        try:
            self.greeting = self._read()
        except WorkerError:
            self.close()
            raise

    def _read(self):
        line = self._process.stdout.readline()
        try:
            return json.loads(line)
        except json.JSONDecodeError:
            status = self._process.wait() if not line else "running"
            raise WorkerError(f"{self.name}: got '{line.strip()}', exit status {status}") from None

    def run(self, rounds):
        """The answer to `run rounds`: rounds, seconds, cpu_seconds, peak_rss_bytes and the worker's own."""
        time.sleep(SETTLE_SECONDS)
        try:
            self._process.stdin.write(f"run {rounds}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the read below reports how it ended
        return self._read()

    def close(self):
        """Ends the process by ending its input."""
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def rounds_for(seconds, worker):
    """Rounds that take about `seconds`, by one trial; the worker has warmed up."""
    return max(1, round(seconds / worker.run(1)["seconds"]))


def spread(values):
    """Minimum, median and maximum."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def interleaved(workers, rounds_of, turns):
    """Lets the workers run one after the other, `turns` times: {name: [answers]}. `rounds_of` is rounds by name."""
    answers = {worker.name: [] for worker in workers}
    for _ in range(turns):
        for worker in workers:
            answers[worker.name].append(worker.run(rounds_of[worker.name]))
    return answers


def machine():
    """What the figures depend on: processor, cores, load."""
    model = "unknown"
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            model = next((l.split(":", 1)[1].strip() for l in lines if l.startswith("model name")), model)
    except OSError:
        pass
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)), "load": list(os.getloadavg())}
