# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""What a run came to."""
import json
import os
from collections.abc import Mapping

from .figures import figure


class Result(Mapping):
    """A run's result: a mapping as result.json has it (docs/interfaces.md), and tables of it.

    Times are in seconds, energies in joules, areas in mm2, errors fractions. Tables are pandas' DataFrames, arrays NumPy's.
    """

    def __init__(self, text, folder=None):
        self._values = json.loads(text)
        self.folder = folder  #: of the run, absolute, where it has one

    def __getitem__(self, key):
        return self._values[key]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        shown = {key: self.figure(path) for key, path in _SHOWN.items() if self.figure(path) is not None}
        return "<wagesim.Result " + ", ".join(f"{key}={value:.6g}" for key, value in shown.items()) + ">"

    def figure(self, path):
        """The value under a dotted path: "chip.energy_j", "epochs.last.test_error". None where there is none."""
        return figure(self._values, path)

    def epochs(self):
        """A row for each epoch: loss, train_error, test_error, images_per_second."""
        import pandas

        if "epochs" not in self._values:
            raise KeyError("epochs: this result has none; train and simulate make them")
        return pandas.DataFrame(self["epochs"], columns=_EPOCH).set_index("epoch")

    def energy(self, work="chip"):
        """Joules of components (rows) in phases (columns). `work`: "chip", the training, or "evaluation"."""
        import pandas

        table = pandas.DataFrame.from_dict(self._of(work, "energy_by"), orient="index").fillna(0.0)
        table.index.name = "component"
        return table

    def area(self):
        """mm2 of components, a Series."""
        import pandas

        return pandas.Series(self._of("chip", "area_by"), name="area_mm2", dtype=float).rename_axis("component")

    def units(self, work="chip"):
        """A row for each unit and memory: utilisation, and cycles in which commands of each direction waited."""
        import pandas

        utilisation = pandas.Series(self._of(work, "utilisation"), name="utilisation", dtype=float)
        waits = pandas.DataFrame.from_dict(self._of(work, "waits_cycles"), orient="index")
        table = pandas.concat([utilisation, waits.add_prefix("waits_")], axis=1)
        table.index.name = "unit"
        return table

    def traffic(self, work="chip"):
        """Bytes of streams (columns) to and from memories (rows)."""
        import pandas

        table = pandas.DataFrame.from_dict(self._of(work, "traffic_bytes"), orient="index")
        table.index.name = "memory"
        return table

    def layers(self, work="chip"):
        """A row for each weight layer: macs, cycles, energy_j, exact_adc_bits.forward and .backward."""
        import pandas

        return pandas.json_normalize(self._of(work, "layers")).set_index("name")

    def weights(self):
        """The layers' stored weights after the run, a list of int arrays shaped like the layers. Needs a folder."""
        return _arrays_of_layers(self._file("weights.npz"), "weight_stored")

    def record(self):
        """The arrays of record.npz by their names (docs/record.md). Needs a folder and a run with record=True."""
        import numpy

        with numpy.load(self._file("record.npz")) as file:
            return {name: file[name] for name in file.files}

    def _of(self, work, key):
        if not isinstance(self._values.get(work), dict):
            raise KeyError(f"{work}: this result has none; simulate makes it")
        if self[work].get(key) is None:
            raise KeyError(f"{work}.{key}: this result has none")
        return self[work][key]

    def _file(self, name):
        if self.folder is None:
            raise ValueError(f"{name}: the run has no folder; give it one with out=")
        return os.path.join(self.folder, name)


_EPOCH = ["epoch", "loss", "train_error", "test_error", "images_per_second"]

_SHOWN = {
    "steps": "steps",
    "final_test_error": "final_test_error",
    "test_error": "test_error",
    "cycles": "chip.cycles",
    "images_per_second": "chip.images_per_second",
    "energy_j": "chip.energy_j",
    "area_mm2": "chip.area_mm2",
    "differences": "differences",
}


def _arrays_of_layers(path, name):
    import numpy

    with numpy.load(path) as file:
        count = sum(entry.endswith("/" + name) for entry in file.files)
        return [file[f"layer{layer}/{name}"] for layer in range(count)]
