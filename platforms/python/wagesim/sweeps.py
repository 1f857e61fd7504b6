# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""A sweep, and what it has found."""
import operator

from . import _wagesim, options as checked
from .results import Result
from .runs import Run
from .values import from_yaml, to_flow, to_yaml


class Sweep:
    """Points around a run, in stages, by the objectives that they are compared by (docs/sweeps.md)."""

    def __init__(self, sweep):
        self._sweep = sweep

    @property
    def name(self):
        return self._sweep.name

    def __len__(self):
        """Points of the first stage; of an optimiser the most that it will ask for."""
        return self._sweep.points

    def __repr__(self):
        return f"<wagesim.Sweep {self.name}, {len(self)} points>"

    def run(self, out, *, jobs=None, threads=None, retry_failed=False, print=None):
        """Computes what the folder `out` does not hold yet, and returns what it holds then.

        jobs: points at the same time. threads: of each. retry_failed: compute points again that have failed before.
        print: gets each line that the program prints. Points that fail are in the results. Ctrl-C ends it as it ends a run.
        """
        options = _wagesim.SweepOptions()
        options.jobs = checked.integer("jobs", jobs, 1)
        options.threads = checked.integer("threads", threads, 1)
        options.retry_failed = checked.flag("retry_failed", retry_failed)
        options.print = checked.callback("print", print)
        return SweepResults(self._sweep.run(checked.path("out", out), options))


class SweepResults:
    """The points of a sweep as tables. Opened from its folder, while it runs if need be."""

    def __init__(self, results):
        self._results = results

    @property
    def name(self):
        return self._results.name

    @property
    def variables(self):
        """Key to role: free, held or seed."""
        return {each.key: each.role for each in self._results.variables}

    @property
    def objectives(self):
        """Figure to direction: min or max."""
        return {each.figure: each.direction for each in self._results.objectives}

    def __len__(self):
        return self._results.size

    def __repr__(self):
        return f"<wagesim.SweepResults {self.name}, {len(self)} points>"

    def points(self):
        """A row for each point: settings, state, stage, objectives, front (1: Pareto), wall_seconds, error, folder."""
        import pandas

        rows = self._results.points
        columns = {}
        for i, key in enumerate(self.variables):
            columns[key] = [from_yaml(row.settings[i]) for row in rows]
        columns["state"] = [row.state for row in rows]
        columns["stage"] = [row.stage for row in rows]
        for i, name in enumerate(self.objectives):
            columns[name] = pandas.array([row.objectives[i] for row in rows], dtype="float64")
        columns["front"] = pandas.array([row.front for row in rows], dtype="Int64")
        columns.setdefault("wall_seconds", pandas.array([row.wall_seconds for row in rows], dtype="float64"))
        columns["config_hash"] = [row.config_hash for row in rows]
        columns["folder"] = [row.folder for row in rows]
        columns["error"] = [row.error for row in rows]
        return pandas.DataFrame(columns, index=pandas.RangeIndex(len(rows), name="point"))

    def front(self, number=1):
        """The rows of points() whose design is on the Pareto front, or on the `number`th front."""
        points = self.points()
        return points[(points["front"] == number).fillna(False)]

    def sensitivity(self):
        """The part of each objective's variance (columns) that lies between the values of each key (rows)."""
        import pandas

        rows = self._results.sensitivities
        table = pandas.DataFrame({"key": [row.key for row in rows], "figure": [row.figure for row in rows],
                                  "share": pandas.array([row.share for row in rows], dtype="float64")})
        keys = [key for key in self.variables if key in set(table["key"])]
        return table.pivot(index="key", columns="figure", values="share").reindex(
            index=keys, columns=list(self.objectives))

    def figure(self, path):
        """The number under a dotted path of each point's result, an array; NaN where it has none."""
        return self._results.figure(path)

    def result(self, point):
        """The whole Result of a point, by its number in points()."""
        number = operator.index(point)
        if not 0 <= number < len(self):
            raise IndexError(f"point: got {number}, allowed 0..{len(self) - 1}")
        return Result(self._results.result(number), self._results.folder(number) or None)


def load_sweep(file, set=None):
    """The sweep of a sweep file; `set`: keys of the run for all points. Raises ConfigError."""
    for key in set or {}:
        if not isinstance(key, str) or "=" in key:
            raise _wagesim.ConfigError(f"a key: got {key!r}, allowed a dotted key of the run")
    assignments = [f"{key}={to_yaml(key, value)}" for key, value in (set or {}).items()]
    return Sweep(_wagesim.Sweep.load(checked.path("file", file), assignments))


def sweep(base, *, name, axes, objectives, **keys):
    """A sweep of the run `base`.

    axes: a dict of key to values, {"range": [first, last]} or {"log_range": [first, last]}, or a list of such dicts, in each
    of which keys move together; of one dict every key is an axis of its own. objectives: figure to "min" or "max". Further
    keys are those of sweep files: command, steps, stages, seeds, held, set, sampling, constraints. A str among the values is
    YAML; paths of files are written as pathlib.Path. Raises ConfigError.
    """
    if not isinstance(base, Run):
        raise _wagesim.ConfigError(f"base: got {base!r}, allowed a run; wagesim.load(file) makes one")
    if isinstance(axes, dict):
        axes = [{key: values} for key, values in axes.items()]
    entries = {"name": name, **keys, "axes": list(axes), "objectives": objectives}
    text = "".join(f"{key}: {to_flow(key, value)}\n" for key, value in entries.items())
    return Sweep(_wagesim.Sweep.of(base._run, text))


def open_sweep(path):
    """What a sweep's folder, or its sweep.sqlite, holds. Raises DataError."""
    return SweepResults(_wagesim.SweepResults.open(checked.path("path", path)))
