#!/usr/bin/env python3
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# How a training step's time grows with the batch and with the width of the network: docs/benchmarks.md.
#   tests/bench/linear_cost/linear_cost.py [--quick] [--csv FILE] [--threads N] ...
"""Times steps of the reference trainer over batches and widths, and writes them as CSV."""

import argparse
import csv
import dataclasses
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "bench" / "workers"))
sys.path.insert(0, str(ROOT / "tests" / "bench" / "compare_pytorch"))

from competitors import start_wagesim  # noqa: E402
from compare import training_macs  # noqa: E402
from worker import WorkerError, rounds_for, spread  # noqa: E402

BATCHES = (16, 32, 64, 128, 256, 512)
WIDTHS = (1, 2, 4)
QUICK_BATCHES = {"lenet": (16, 64, 256), "vgg8": (16, 32, 64)}
QUICK_WIDTHS = {"lenet": (1, 2), "vgg8": (1,)}
COLUMNS = ("network", "width", "batch", "threads", "macs_per_image", "passes", "seconds_min", "seconds_median",
           "seconds_max", "cpu_seconds_median", "images_per_second", "picoseconds_per_mac", "peak_rss_bytes", "note")


@dataclasses.dataclass
class Point:
    """A network at one width and batch, and what was measured there."""
    network: str
    width: int
    batch: int
    macs: int = 0
    seconds: list = dataclasses.field(default_factory=list)
    cpu_seconds: list = dataclasses.field(default_factory=list)
    peak_rss_bytes: int = 0
    note: str = ""

    def row(self, threads):
        """By COLUMNS; empty where nothing was measured."""
        row = dict.fromkeys(COLUMNS, "")
        row.update(network=self.network, width=self.width, batch=self.batch, threads=threads, note=self.note)
        if self.seconds:
            times = spread(self.seconds)
            row.update(macs_per_image=self.macs, passes=len(self.seconds), seconds_min=times["min"],
                       seconds_median=times["median"], seconds_max=times["max"],
                       cpu_seconds_median=spread(self.cpu_seconds)["median"],
                       images_per_second=self.batch / times["median"],
                       picoseconds_per_mac=1e12 * times["median"] / (self.batch * self.macs),
                       peak_rss_bytes=self.peak_rss_bytes)
        return row


def grid(options):
    """All points, batches ascending within a network and width."""
    points = []
    for network in options.networks:
        widths = QUICK_WIDTHS[network] if options.quick else WIDTHS
        batches = QUICK_BATCHES[network] if options.quick else BATCHES
        points += [Point(network, width, batch) for width in widths for batch in batches]
    return points


def expected(point, measured, value):
    """`value` (seconds, bytes) of a point, by proportion from the largest smaller batch at the same width, else by
    MACs from the same batch at the width below; None where there is neither."""
    same = [m for m in measured if (m.network, m.width) == (point.network, point.width) and m.batch < point.batch]
    if same:
        nearest = max(same, key=lambda m: m.batch)
        return value(nearest) * point.batch / nearest.batch
    below = [m for m in measured if (m.network, m.batch) == (point.network, point.batch) and m.width < point.width]
    if below:
        nearest = max(below, key=lambda m: m.width)
        return value(nearest) * (point.width / nearest.width) ** 2
    return None


def measure(point, options):
    """One pass over one point, in a process of its own."""
    with start_wagesim(options.build, point.network, point.batch, options.threads, point.width) as worker:
        point.macs = training_macs(worker.greeting["layers"])
        worker.run(1)
        answer = worker.run(rounds_for(options.seconds, worker))
    point.seconds.append(answer["seconds"] / answer["rounds"])
    point.cpu_seconds.append(answer["cpu_seconds"] / answer["rounds"])
    point.peak_rss_bytes = max(point.peak_rss_bytes, answer["peak_rss_bytes"])


def leave_out(point, measured, options):
    """Why a point is not measured, or an empty string."""
    memory = expected(point, measured, lambda m: m.peak_rss_bytes)
    if memory is not None and memory > options.memory_gib * 2**30:
        return f"left out: about {memory / 2**30:.1f} GiB, limit {options.memory_gib:g} GiB"
    seconds = expected(point, measured, lambda m: min(m.seconds))
    if seconds is not None and seconds > options.step_seconds:
        return f"left out: about {seconds:.0f} s a step, limit {options.step_seconds:g} s"
    return ""


def show(point):
    """A line of the table."""
    head = f"{point.network:<8} {point.width:>5} {point.batch:>6}"
    if not point.seconds:
        print(f"{head}  {point.note}")
        return
    row = point.row(0)
    print(f"{head} {1e3 * row['seconds_min']:>12.2f} {1e3 * row['seconds_median']:>12.2f} "
          f"{row['images_per_second']:>10.1f} {row['picoseconds_per_mac']:>10.3f} {point.peak_rss_bytes / 2**20:>8.0f}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help="release build")
    parser.add_argument("--networks", nargs="+", choices=("lenet", "vgg8"), default=["lenet", "vgg8"])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--passes", type=int, help="times the whole grid is measured (2; quick: 1)")
    parser.add_argument("--seconds", type=float, help="about how long a point runs in a pass (0.6; quick: 0.2)")
    parser.add_argument("--step-seconds", type=float, default=10, help="points with longer steps are left out")
    parser.add_argument("--memory-gib", type=float, default=8, help="points that need more memory are left out")
    parser.add_argument("--quick", action="store_true", help="a small grid, once")
    parser.add_argument("--csv", type=pathlib.Path, metavar="FILE", help="writes all points")
    options = parser.parse_args()
    options.passes = options.passes or (1 if options.quick else 2)
    options.seconds = options.seconds or (0.2 if options.quick else 0.6)
    return options


def run(options):
    points = grid(options)
    for number in range(options.passes):
        for point in points:
            if number == 0:
                point.note = leave_out(point, [p for p in points if p.seconds], options)
            if not point.note:
                measure(point, options)
    print(f"{options.threads} thread(s)")
    print(f"{'network':<8} {'width':>5} {'batch':>6} {'ms a step min':>12} {'median':>12} {'images/s':>10} "
          f"{'ps a MAC':>10} {'MiB':>8}")
    for point in points:
        show(point)
    if options.csv:
        with open(options.csv, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(point.row(options.threads) for point in points)
    return 0


def main():
    options = parse()
    try:
        return run(options)
    except (WorkerError, OSError) as error:
        print(f"linear_cost.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
