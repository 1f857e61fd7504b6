# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""wagesim: a neuromorphic chip that learns in integers.

    import wagesim
    run = wagesim.load("configs/runs/vgg8-cifar10.yaml")
    run["chip.fidelity"] = "timing"
    result = run.simulate()
    result["chip"]["cycles"], result.energy()

docs/library.md has the whole of it. Runs and sweeps are computed by the program `wagesim`, one process each.
"""
from ._wagesim import ConfigError, DataError, Error, Interrupted, __version__, interrupt
from .results import Result
from .runs import Run, load, parse
from .sweeps import Sweep, SweepResults, load_sweep, open_sweep, sweep

for _error in (Error, ConfigError, DataError, Interrupted):
    _error.__module__ = __name__

__all__ = [
    "ConfigError", "DataError", "Error", "Interrupted", "Result", "Run", "Sweep", "SweepResults", "interrupt", "load",
    "load_sweep", "open_sweep", "parse", "sweep",
]
