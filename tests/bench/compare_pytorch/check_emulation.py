#!/usr/bin/python3
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Does the emulation that is timed compute what wagesim computes? A small network is trained by `wagesim train --dump`;
# each step's weights and inputs are given to the emulation, and every tensor that both have must be equal as integers.
# Then the emulation trains on its own, and its loss must fall.
"""Holds wage.py to the dumps of `wagesim train`. Prints one JSON object; exits 1 at a difference."""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch

import wage

BATCH = 64
STEPS = 3
OWN_STEPS = 40
CLASSES = 10
# Overlapping windows, padding, a stride and both kinds of layer; sums stay far below 2^24.
RUN = """\
name: emulation
seed: 5
network:
  name: small
  input: {channels: 2, height: 11, width: 11}
  layers:
    - conv: {filters: 12, kernel: 3, pool: {size: 3, stride: 2}}
    - conv: {filters: 16, kernel: 3, stride: 2, padding: 2}
    - conv: {filters: 24, kernel: 3, pool: 2}
    - dense: {units: 48}
    - dense: {units: 10}
data: {format: synthetic, count: 64, test_count: 0, classes: 10, range: symmetric, shuffle: false}
training: {batch: 64, epochs: 1000, eta: {0: ETA}}
"""
LAYERS = [
    {"kind": "conv", "in": [2, 11, 11], "out": [12, 5, 5], "kernel": 3, "stride": 1, "pad": 1, "pool": [3, 2]},
    {"kind": "conv", "in": [12, 5, 5], "out": [16, 4, 4], "kernel": 3, "stride": 2, "pad": 2},
    {"kind": "conv", "in": [16, 4, 4], "out": [24, 2, 2], "kernel": 3, "stride": 1, "pad": 1, "pool": [2, 2]},
    {"kind": "dense", "in": [24, 2, 2], "out": [48, 1, 1], "kernel": 2, "stride": 1, "pad": 0},
    {"kind": "dense", "in": [48, 1, 1], "out": [10, 1, 1], "kernel": 1, "stride": 1, "pad": 0},
]


class Comparison:
    """Counts what was compared; the first difference ends the check."""

    def __init__(self):
        self.tensors = 0
        self.elements = 0

    def equal(self, name, expected, got):
        """Integers `expected` of the dump against floats `got`, which must be integers too."""
        got = got.detach().numpy().astype(numpy.float64).reshape(expected.shape)
        self.holds(name, got == expected, expected, got)

    def holds(self, name, condition, expected, got):
        """`condition` is an array of booleans."""
        if not condition.all():
            where = tuple(int(i) for i in numpy.argwhere(~condition)[0])
            raise SystemExit(f"check_emulation.py: {name}{list(where)}: got {got[where]}, "
                             f"wagesim has {expected[where]}")
        self.tensors += 1
        self.elements += condition.size


def train(wagesim, folder, eta_log2):
    """The dump of a few steps, as a map of arrays."""
    run = pathlib.Path(folder) / "run.yaml"
    dump = pathlib.Path(folder) / f"dump{eta_log2}.npz"
    run.write_text(RUN.replace("ETA", str(eta_log2)), encoding="utf-8")
    command = [wagesim, "train", "-c", str(run), "--steps", str(STEPS), "--quiet", "--dump", str(dump)]
    subprocess.run(command, check=True)
    return numpy.load(dump)


def load_weights(network, dump, step):
    unit = 2.0 ** (1 - network.widths["g"])
    for layer, stored in enumerate(network.stored):
        codes = dump[f"step{step}/layer{layer}/weight_stored"].astype(numpy.float32)
        stored.data = torch.from_numpy(codes).reshape(stored.shape) * unit


def check_update(comparison, dump, at, gradient, eta_log2, after):
    """The step of Eq. 11 is one of two neighbours, or certain; the stored weights follow it."""
    magnitude = numpy.abs(gradient.astype(numpy.float64))
    steps = magnitude * 2.0 ** (eta_log2 - int(dump[at + "exponent_g"].reshape(-1)[0]))
    emulated = numpy.rint(after - dump[at + "weight_stored"].astype(numpy.float64)) * -1
    limit = wage.largest_code(wage.WIDTHS["g"])
    for who, delta in (("wagesim", dump[at + "delta"].astype(numpy.float64)), ("emulation", emulated)):
        signed = delta * numpy.where(gradient < 0, -1, 1)
        clipped = (numpy.abs(after) == limit) if who == "emulation" else numpy.zeros(delta.shape, dtype=bool)
        neighbours = (signed >= numpy.floor(steps)) & (signed <= numpy.ceil(steps))
        comparison.holds(f"{at}delta of {who}", clipped | neighbours, steps, signed)


def check_step(comparison, network, dump, step, eta_log2):
    """One step of the emulation from wagesim's weights and inputs."""
    load_weights(network, dump, step)
    widths = network.widths
    codes = torch.from_numpy(dump[f"step{step}/layer0/input"].astype(numpy.float32)) * 2.0 ** (1 - widths["a"])
    outputs, errors = [], []
    result = network(codes, outputs, errors)
    targets = torch.eye(CLASSES)[torch.arange(BATCH) % CLASSES]
    loss = wage.sum_of_squares(result, targets)
    loss.backward()
    errors.reverse()
    last = len(LAYERS) - 1
    gradients = []
    for layer, stored in enumerate(network.stored):
        at = f"step{step}/layer{layer}/"
        comparison.equal(at + "weight_q", dump[at + "weight_q"],
                         wage.QuantizeWeight.apply(stored.detach(), widths["w"]) * 2.0 ** (widths["w"] - 1))
        if int(dump[at + "sA"].reshape(-1)[0]) != network.attenuation[layer]:
            raise SystemExit(f"check_emulation.py: {at}sA: got {network.attenuation[layer]}")
        if layer < last:
            comparison.equal(at + "output", dump[at + "output"], outputs[layer] * 2.0 ** (widths["a"] - 1))
        else:
            scale = 2.0 ** (widths["a"] + widths["w"] - 2 + network.attenuation[layer])
            comparison.equal(at + "acc", dump[at + "acc"], outputs[layer] * scale)
        comparison.equal(at + "error_q", dump[at + "error_q"], errors[layer] * 2.0 ** (widths["e"] - 1))
        gradients.append(stored.grad * 2.0 ** (widths["a"] + widths["e"] - 2))
        comparison.equal(at + "gradient", dump[at + "gradient"], gradients[-1])
    expected = float(dump[f"step{step}/loss"].reshape(-1)[0])
    if not math.isclose(loss.item(), expected, rel_tol=1e-5):
        raise SystemExit(f"check_emulation.py: step{step}/loss: got {loss.item()}, wagesim has {expected}")
    network.update(eta_log2)
    for layer, stored in enumerate(network.stored):
        after = stored.detach().numpy().astype(numpy.float64) * 2.0 ** (widths["g"] - 1)
        check_update(comparison, dump, f"step{step}/layer{layer}/", gradients[layer].numpy(), eta_log2, after)


def own_training(network, dump):
    """Losses of the emulation alone, from wagesim's first weights and on its first batch."""
    load_weights(network, dump, 0)
    codes = torch.from_numpy(dump["step0/layer0/input"].astype(numpy.float32)) * 2.0 ** (1 - network.widths["a"])
    targets = torch.eye(CLASSES)[torch.arange(BATCH) % CLASSES]
    losses = []
    for _ in range(OWN_STEPS):
        loss = wage.sum_of_squares(network(codes), targets)
        loss.backward()
        network.update(0)
        losses.append(loss.item())
    return losses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wagesim", required=True, help="the program")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    network = wage.WageNetwork(LAYERS)
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as folder:
        for eta_log2 in (0, 3):
            dump = train(arguments.wagesim, folder, eta_log2)
            for step in range(STEPS):
                check_step(comparison, network, dump, step, eta_log2)
        losses = own_training(network, train(arguments.wagesim, folder, 0))
    if comparison.tensors == 0:
        raise SystemExit("check_emulation.py: nothing was compared")
    if not losses[-1] < 0.5 * losses[0]:
        raise SystemExit(f"check_emulation.py: the loss went from {losses[0]} to {losses[-1]} in {OWN_STEPS} steps")
    print(json.dumps({"tensors": comparison.tensors, "elements": comparison.elements, "first_loss": losses[0],
                      "last_loss": losses[-1], "steps": OWN_STEPS}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
