#!/usr/bin/env python3
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Draws what linear_cost.py wrote: docs/benchmarks.md. Needs python3-matplotlib.
#   tests/bench/linear_cost/plot.py linear_cost.csv -o docs/linear-cost.svg
"""Time a step against the batch, one line for each width, beside the line of a cost that is linear in the batch."""

import argparse
import csv
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

MARKS = {1: ("o", "#0072b2"), 2: ("s", "#d55e00"), 4: ("^", "#009e73")}  # told apart by shape as well as by colour
TITLES = {"lenet": "LeNet, 28 x 28", "vgg8": "VGG8, 32 x 32"}


def read(path):
    """{network: {width: [(batch, ms a step)]}} of the points that were measured."""
    lines = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["seconds_min"]:
                line = lines.setdefault(row["network"], {}).setdefault(int(row["width"]), [])
                line.append((int(row["batch"]), 1e3 * float(row["seconds_min"])))
    return lines


def draw(axes, network, widths):
    for width, points in sorted(widths.items()):
        mark, colour = MARKS[width]
        batches, times = zip(*sorted(points))
        axes.plot(batches, times, marker=mark, color=colour, label=f"width x {width}")
        largest, time = batches[-1], times[-1]
        axes.plot(batches, [time * batch / largest for batch in batches], color=colour, linestyle=":", linewidth=1)
    axes.set(xscale="log", yscale="log", title=TITLES[network], xlabel="batch", ylabel="ms a step")
    batches = sorted({batch for points in widths.values() for batch, _ in points})
    axes.set_xticks(batches, [str(batch) for batch in batches])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    lines = read(options.csv)
    if not lines:
        print(f"plot.py: {options.csv}: got no measured point, allowed one or more", file=sys.stderr)
        return 2
    plt.rcParams.update({"svg.hashsalt": "linear-cost", "svg.fonttype": "none", "font.size": 10})
    figure, all_axes = plt.subplots(1, len(lines), figsize=(4.6 * len(lines), 3.8), squeeze=False)
    for axes, (network, widths) in zip(all_axes[0], sorted(lines.items())):
        draw(axes, network, widths)
    figure.tight_layout()
    figure.savefig(options.output, format="svg", metadata={"Date": None})
    return 0


if __name__ == "__main__":
    sys.exit(main())
