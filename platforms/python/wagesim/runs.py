# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""A run: a configuration that can be changed, and computed."""
import json
import os

from . import _wagesim, options as checked
from .results import Result
from .values import to_yaml


class Run:
    """A run file, resolved and checked. Keys are dotted as in docs/configuration.md: run["chip.crossbar.rows"] = 64."""

    def __init__(self, run):
        if not isinstance(run, _wagesim.Run):
            raise TypeError("wagesim.load(file) and wagesim.parse(text) make runs")
        self._run = run

    def copy(self):
        """Another run, equal to this one for now."""
        return Run(self._run.copy())

    __copy__ = copy

    def __deepcopy__(self, memo):
        return self.copy()

    def __reduce__(self):
        return parse, (str(self), "/")

    __iter__ = None  # keys lie in maps and lists: to_dict() has them

    def __getitem__(self, key):
        if not isinstance(key, str) or not key:
            raise _wagesim.ConfigError(f"a key: got {key!r}, allowed a dotted key of the run")
        return json.loads(self._run.get_json(key))

    def __contains__(self, key):
        try:
            self[key]
        except _wagesim.ConfigError:
            return False
        return True

    def __setitem__(self, key, value):
        self.set({key: value})

    def set(self, settings):
        """Sets keys together, checked as one. A str is YAML, as with --set; relative paths start from the working
        directory. Raises ConfigError, and leaves the run as it was."""
        for key in settings:
            if not isinstance(key, str):
                raise _wagesim.ConfigError(f"a key: got {key!r}, allowed a dotted key of the run")
        self._run.set([(key, to_yaml(key, value)) for key, value in settings.items()])

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
        command, as the command line has them. Ctrl-C ends the run at its next step, with a checkpoint in its folder, a
        second one at once.
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
            raise _wagesim.ConfigError(f"engine: got {engine!r}, allowed 'reference' or 'chip'")

        def infer(options):
            return self._run.infer(engine == "chip", options)

        return self._compute(infer, weights=checked.path("weights", weights), **options)

    @staticmethod
    def _compute(compute, *, steps=None, threads=None, out=None, resume=False, weights=None, record=False, print=None,
                 arguments=()):
        options = _wagesim.RunOptions()
        options.steps = checked.integer("steps", steps, 0, 2**63 - 1)
        options.threads = checked.integer("threads", threads, 1)
        options.out = checked.path("out", out, required=False)
        options.resume = checked.flag("resume", resume)
        options.weights = checked.path("weights", weights, required=False)
        options.arguments = checked.texts("arguments", arguments) + (["--record"] if checked.flag("record", record) else [])
        options.print = checked.callback("print", print)
        folder = os.path.abspath(options.out) if options.out else None
        return Result(compute(options), folder)


def load(file):
    """The run of a run file. Raises ConfigError."""
    return Run(_wagesim.Run.load(checked.path("file", file)))


def parse(text, folder="."):
    """The run of a text, in which relative paths start from `folder`; a dict will do as well."""
    return Run(_wagesim.Run.parse(to_yaml("run", text), checked.path("folder", folder), "run"))
