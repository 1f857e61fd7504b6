#!/usr/bin/python3
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Training steps in PyTorch, on request, by the protocol of tests/bench/workers/serve.hpp. A round is a step.
"""Serves training steps of a network that --geometry describes (the layers of step_worker's greeting)."""

import argparse
import json
import math
import resource
import sys
import time

import torch
from torch import nn

import wage


def float_network(layers, layout):
    """The same network in fp32 without biases, as PyTorch runs it fastest: pooling before ReLU, in place."""
    modules = []
    last = len(layers) - 1
    flat = False
    for i, layer in enumerate(layers):
        if layer["kind"] == "conv":
            modules.append(nn.Conv2d(layer["in"][0], layer["out"][0], layer["kernel"], layer["stride"], layer["pad"],
                                     bias=False))
            if "pool" in layer:
                modules.append(nn.MaxPool2d(layer["pool"][0], layer["pool"][1]))
        else:
            if not flat:
                modules.append(FromOpaque() if layout == "opaque" else nn.Flatten())
                flat = True
            modules.append(nn.Linear(math.prod(layer["in"]), layer["out"][0], bias=False))
        gain = 1.0 if i < last else 0.1
        weight_layer = next(m for m in reversed(modules) if hasattr(m, "weight"))
        nn.init.kaiming_normal_(weight_layer.weight)
        weight_layer.weight.data.mul_(gain)
        if i < last:
            modules.append(nn.ReLU(inplace=layout != "opaque"))
    return nn.Sequential(*modules)


class FromOpaque(nn.Module):
    """From oneDNN's own layout to a plain matrix."""

    def forward(self, x):
        return x.to_dense().flatten(1)


def counted_macs(layers):
    """Multiply-accumulates of each layer for one sample, counted in a forward pass of a float network: the output's
    positions times the weight's elements."""
    counts = []

    def count(module, _, output):
        counts.append(module.weight.numel() * math.prod(output.shape[2:]))

    model = float_network(layers, "plain")
    hooks = [m.register_forward_hook(count) for m in model if hasattr(m, "weight")]
    with torch.no_grad():
        shape = tuple(model(torch.zeros(1, *layers[0]["in"])).shape)
    for hook in hooks:
        hook.remove()
    if shape != (1, layers[-1]["out"][0]):
        raise ValueError(f"the network's output has shape {shape}")
    return counts


class FloatTraining:
    """Plain SGD on the sum of squared errors."""

    def __init__(self, layers, batch, layout):
        model = float_network(layers, layout)
        self._images = torch.rand(batch, *layers[0]["in"])
        if layout.startswith("channels_last"):
            model = model.to(memory_format=torch.channels_last)
            self._images = self._images.contiguous(memory_format=torch.channels_last)
        if layout.endswith("traced"):
            torch.jit.enable_onednn_fusion(True)
            model = torch.jit.trace(model, self._images)
        self._model = model
        self._opaque = layout == "opaque"
        self._targets = targets(batch, layers[-1]["out"][0])
        self._optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)

    def step(self):
        """One step; its loss, a tensor."""
        self._optimizer.zero_grad(set_to_none=True)
        images = self._images.to_mkldnn() if self._opaque else self._images
        loss = wage.sum_of_squares(self._model(images), self._targets)
        loss.backward()
        self._optimizer.step()
        return loss.detach()


class WageTraining:
    """The emulation of wage.py. Input codes are made once: that is to its favour."""

    def __init__(self, layers, batch, layout):
        if layout not in ("plain", "channels_last"):
            raise ValueError(f"layout of the emulation: got {layout}, allowed plain or channels_last")
        self._model = wage.WageNetwork(layers)
        self._codes = torch.randint(-127, 128, (batch, *layers[0]["in"])) * 2.0 ** -7
        if layout == "channels_last":
            self._model = self._model.to(memory_format=torch.channels_last)
            self._codes = self._codes.contiguous(memory_format=torch.channels_last)
        self._targets = targets(batch, layers[-1]["out"][0])
        if self._model.attenuation != [layer["attenuation"] for layer in layers]:
            raise ValueError(f"attenuations: got {self._model.attenuation}, allowed those of the geometry")

    def step(self):
        """One step; its loss, a tensor."""
        loss = wage.sum_of_squares(self._model(self._codes), self._targets)
        loss.backward()
        self._model.update(0)
        return loss.detach()


def targets(batch, classes):
    """One-hot rows of the classes in turn."""
    return torch.eye(classes)[torch.arange(batch) % classes]


def blas():
    """The file of the BLAS that is loaded, to see that it is an optimised one."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return sorted({line.split()[-1] for line in maps if "blas" in line.rsplit("/", 1)[-1]})


def serve(training):
    """Answers `run N` until standard input ends."""
    for line in sys.stdin:
        command, rounds = line.split()
        if command != "run" or int(rounds) < 1:
            raise ValueError(f"standard input: got '{line.strip()}', allowed run N")
        cpu = time.process_time()
        begin = time.perf_counter()
        losses = [training.step() for _ in range(int(rounds))]
        seconds = time.perf_counter() - begin
        cpu = time.process_time() - cpu
        peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"rounds": int(rounds), "seconds": seconds, "cpu_seconds": cpu, "peak_rss_bytes": peak,
                          "first_loss": losses[0].item(), "last_loss": losses[-1].item()}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("fp32", "wage"), required=True)
    parser.add_argument("--layout", choices=("plain", "channels_last", "channels_last_traced", "opaque"), required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--geometry", required=True, help="the layers as JSON")
    arguments = parser.parse_args()
    layers = json.loads(arguments.geometry)
    torch.manual_seed(1)
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    macs = counted_macs(layers)
    make = FloatTraining if arguments.kind == "fp32" else WageTraining
    training = make(layers, arguments.batch, arguments.layout)
    print(json.dumps({"worker": f"pytorch {arguments.kind}", "version": torch.__version__, "layout": arguments.layout,
                      "threads": torch.get_num_threads(), "blas": blas(), "macs": macs}), flush=True)
    serve(training)


if __name__ == "__main__":
    main()
