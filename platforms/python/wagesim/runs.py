# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""A run: a configuration that can be changed, and computed."""
import json
import os

from . import _wagesim
from .results import Result
from .values import to_yaml


class Run:
    """A run file, resolved and checked. Keys are dotted as in docs/configuration.md: run["chip.crossbar.rows"] = 64."""

    def __init__(self, run):
        self._run = run

    def copy(self):
        """Another run, equal to this one for now."""
        return Run(self._run.copy())

    def __getitem__(self, key):
        return json.loads(self._run.get_json(key))

    def __setitem__(self, key, value):
        self.set({key: value})

    def set(self, settings):
        """Sets keys together, checked as one. A str is YAML, as with --set; relative paths start from the working
        directory. Raises ConfigError, and leaves the run as it was."""
        self._run.set([(key, to_yaml(value)) for key, value in settings.items()])

    def changed(self, settings):
        """A copy with these keys set."""
        run = self.copy()
        run.set(settings)
        return run

    def to_dict(self):
        """The whole configuration, every key resolved."""
        return json.loads(self._run.get_json(""))

    def __str__(self):
        """The resolved run file."""
        return self._run.text()

    def __repr__(self):
        return f"<wagesim.Run {self['name'] or 'unnamed'}>"

    @property
    def config_hash(self):
        """SHA-256 of what decides the results, the data files' bytes among it."""
        return self._run.config_hash()

    def train(self, **options):
        """Trains with the reference trainer.

        steps: stop after so many training steps. threads: of the program; without it OMP_NUM_THREADS, or all cores.
        out: folder of the run; resume: go on from its checkpoint. weights: .npz to start from. record: keep histograms and
        curves in the folder. print: gets each line that the program prints, with `out`. arguments: further options of the
        command, as the command line has them.
        """
        return self._compute(self._run.train, **options)

    def simulate(self, **options):
        """The same work on the chip. Options as for train."""
        return self._compute(self._run.simulate, **options)

    def verify(self, **options):
        """Chip and reference side by side; the result has "differences" and "first_difference". Options as for train, but
        record."""
        return self._compute(self._run.verify, **options)

    def infer(self, weights, engine="reference", **options):
        """The test-set error of `weights`, an .npz. engine: "reference" or "chip"."""
        if engine not in ("reference", "chip"):
            raise ValueError(f"engine: got {engine!r}, allowed 'reference' or 'chip'")

        def infer(options):
            return self._run.infer(engine == "chip", options)

        return self._compute(infer, weights=weights, **options)

    @staticmethod
    def _compute(compute, *, steps=None, threads=None, out=None, resume=False, weights=None, record=False, print=None,
                 arguments=()):
        options = _wagesim.RunOptions()
        options.steps = steps
        options.threads = threads
        options.out = os.fspath(out) if out is not None else ""
        options.resume = resume
        options.weights = os.fspath(weights) if weights is not None else ""
        options.arguments = [*arguments, *(["--record"] if record else [])]
        options.print = print
        return Result(compute(options), options.out or None)


def load(file):
    """The run of a run file. Raises ConfigError."""
    return Run(_wagesim.Run.load(os.fspath(file)))


def parse(text, folder="."):
    """The run of a text, in which relative paths start from `folder`; a dict will do as well."""
    return Run(_wagesim.Run.parse(to_yaml(text), os.fspath(folder), "run"))
