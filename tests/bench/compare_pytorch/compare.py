#!/usr/bin/env python3
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# wagesim's training speed beside PyTorch's on this machine: docs/benchmarks.md says what is measured and how.
#   tests/bench/compare_pytorch/compare.py [--quick] [--json FILE] [--build DIR] ...
"""Compares training speed with PyTorch fp32 and with WAGE emulated in PyTorch, in one run, in turns."""

import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "bench" / "workers"))

from worker import WorkerError, interleaved, machine, rounds_for, spread  # noqa: E402
import competitors  # noqa: E402
import memory  # noqa: E402

BATCH = 128
# What the project holds itself to; ratios of images a second.
TARGETS = {("vgg8", "pytorch fp32"): 3.5, ("lenet", "pytorch fp32"): 2.5, ("vgg8", "emulation"): 6.0,
           ("lenet", "emulation"): 6.0, ("vgg8", "emulation tuned"): 6.0, ("lenet", "emulation tuned"): 6.0}
MEMORY_LIMIT = 2 << 30


def training_macs(layers):
    """Multiply-accumulates of one training sample: forward, backward and gradient, the first layer without backward."""
    return 3 * sum(layer["macs"] for layer in layers) - layers[0]["macs"]


def summary(answers, per_round):
    """Seconds and CPU seconds a round, and `per_round` (images, MACs) a second, over the turns."""
    seconds = [a["seconds"] / a["rounds"] for a in answers]
    cpu = [a["cpu_seconds"] / a["rounds"] for a in answers]
    return {"seconds_per_round": seconds, "seconds": spread(seconds), "cpu_seconds": spread(cpu),
            "per_second": per_round / spread(seconds)["median"], "rounds_per_turn": answers[0]["rounds"],
            "peak_rss_bytes": answers[-1].get("peak_rss_bytes")}


def ratios(ours, theirs):
    """How many times faster we are: of medians, by turns, and by CPU time."""
    by_turn = [b / a for a, b in zip(ours["seconds_per_round"], theirs["seconds_per_round"])]
    return {"of_medians": theirs["seconds"]["median"] / ours["seconds"]["median"], "by_turn": spread(by_turn),
            "of_cpu_medians": theirs["cpu_seconds"]["median"] / ours["cpu_seconds"]["median"]}


def check_losses(worker, first, last):
    """A competitor that does not learn computes something else."""
    if not last["last_loss"] < first["first_loss"]:  # also where it is no number
        raise WorkerError(f"{worker.name}: its loss went from {first['first_loss']} to {last['last_loss']}")


def measure(options, network, threads):
    """One network on a number of threads: all programs and both peaks in turns."""
    with contextlib.ExitStack() as stack:
        def keep(worker):
            return stack.enter_context(contextlib.closing(worker))

        ours = keep(competitors.start_wagesim(options.build, network, BATCH, threads))
        layers = ours.greeting["layers"]
        torch = competitors.PyTorch(options.python, layers, BATCH, threads)
        best, trials = torch.best_settings(options.trial_seconds)
        programs = torch.programs(best)
        settings = {name: chosen for name, _, chosen in programs}
        workers = [ours] + [keep(torch.start(*program)) for program in programs]
        firsts = {w.name: w.run(1) for w in workers}
        peaks = [keep(competitors.start_peak(options.build, kind, threads)) for kind in ("int8", "fp32")]
        present = [p for p in peaks if p.greeting["available"]]
        for peak in present:
            peak.run(1)
        rounds = {w.name: rounds_for(options.turn_seconds, w) for w in workers}
        rounds.update({p.name: rounds_for(options.turn_seconds / 4, p) for p in present})
        answers = interleaved(workers + present, rounds, options.turns)
        for worker in workers[1:]:
            check_losses(worker, firsts[worker.name], answers[worker.name][-1])

    result = {"network": network, "threads": threads, "batch": BATCH, "settings": settings, "trials": trials,
              "macs_forward": sum(layer["macs"] for layer in layers), "macs_training": training_macs(layers),
              "programs": {w.name: summary(answers[w.name], BATCH) for w in workers},
              "peaks": {p.name: None for p in peaks}}
    for peak in present:
        one = answers[peak.name][0]
        result["peaks"][peak.name] = summary(answers[peak.name], one["macs"] / one["rounds"])
    programs = result["programs"]
    result["ratios"] = {name: ratios(programs["wagesim"], programs[name]) for name in programs if name != "wagesim"}
    result["of_int8_peak"] = of_peak(programs["wagesim"], result["peaks"]["peak int8"], training_macs(layers))
    return result


def of_peak(ours, peak, macs):
    """Which part of the peak a training of `macs` an image reaches: by the median step against the peak's fastest turn,
    and by medians of CPU time, where other work on the machine cancels. None where there is no peak."""
    if peak is None:
        return None
    step_macs = BATCH * macs
    peak_macs = peak["per_second"] * peak["seconds"]["median"]
    fastest = peak_macs / peak["seconds"]["min"]
    by_cpu = (step_macs / ours["cpu_seconds"]["median"]) / (peak_macs / peak["cpu_seconds"]["median"])
    return {"fraction": step_macs / ours["seconds"]["median"] / fastest, "fraction_by_cpu": by_cpu,
            "ceiling_images_per_second": fastest / macs}


def print_result(result):
    """The table of one network and number of threads."""
    print(f"\n{result['network']}, batch {result['batch']}, {result['threads']} thread(s); "
          f"{result['macs_forward']:,} MACs an image forward, {result['macs_training']:,} in training")
    print(f"  {'program':<15} {'ms a step: min':>15} {'median':>9} {'max':>9} {'images/s':>10} {'CPU ms':>9} "
          f"{'MiB':>7}")
    for name, program in result["programs"].items():
        s = program["seconds"]
        print(f"  {name:<15} {1e3 * s['min']:>15.2f} {1e3 * s['median']:>9.2f} {1e3 * s['max']:>9.2f} "
              f"{program['per_second']:>10.1f} {1e3 * program['cpu_seconds']['median']:>9.2f} "
              f"{program['peak_rss_bytes'] / 2**20:>7.0f}")
    for name, peak in result["peaks"].items():
        rate = "not available"
        if peak is not None:
            at = {key: peak["per_second"] * peak["seconds"]["median"] / seconds / 1e9
                  for key, seconds in peak["seconds"].items()}
            rate = f"{at['min']:.0f} G MAC/s in the fastest turn, {at['median']:.0f} in the median one"
        print(f"  {name:<15} {rate}")
    for name, ratio in result["ratios"].items():
        target = TARGETS[(result["network"], name)]
        verdict = "met" if ratio["of_medians"] >= target else "MISSED"
        turn = ratio["by_turn"]
        print(f"  wagesim / {name}: {ratio['of_medians']:.2f} (by turn {turn['min']:.2f} .. {turn['median']:.2f} .. "
              f"{turn['max']:.2f}, by CPU time {ratio['of_cpu_medians']:.2f}); target {target}: {verdict}")
        chosen = result["settings"][name]
        print(f"    layout {chosen['layout']}, idle threads {chosen['wait']}, "
              f"huge pages {'on' if chosen['huge_pages'] else 'off'}, "
              f"malloc {'tuned' if chosen['tuned_malloc'] else 'as it comes'}")
    if result["of_int8_peak"] is not None:
        part = result["of_int8_peak"]
        print(f"  wagesim reaches {100 * part['fraction']:.1f} % of the int8 peak (by CPU time "
              f"{100 * part['fraction_by_cpu']:.1f} %), which would be "
              f"{part['ceiling_images_per_second']:.0f} images/s")


def missed(results, memory_use):
    """Names of targets that were not reached."""
    out = [f"{r['network']} on {r['threads']} thread(s) / {name}"
           for r in results for name, ratio in r["ratios"].items()
           if ratio["of_medians"] < TARGETS[(r["network"], name)]]
    return out + (["peak memory"] if memory_use["bytes"] > MEMORY_LIMIT else [])


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help="release build")
    parser.add_argument("--python", default="/usr/bin/python3", help="a Python with torch and numpy")
    parser.add_argument("--networks", nargs="+", choices=("vgg8", "lenet"), default=["vgg8", "lenet"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--turns", type=int, help="times each program runs (5; quick: 3)")
    parser.add_argument("--turn-seconds", type=float, help="about how long a program's turn lasts (0.6; quick: 0.2)")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns and trials")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="writes all figures")
    parser.add_argument("--require-targets", action="store_true", help="exit status 1 where a target is missed")
    options = parser.parse_args()
    options.turns = options.turns or (3 if options.quick else 5)
    options.turn_seconds = options.turn_seconds or (0.2 if options.quick else 0.6)
    options.trial_seconds = 0.2 if options.quick else 1.0
    return options


def run(options):
    missing = competitors.missing_packages(options.python)
    if missing is not None:
        raise WorkerError(missing)
    for program in ("bench/step_worker", "bench/peak_worker", "bin/wagesim"):
        if not (options.build / program).is_file():
            raise WorkerError(f"{options.build / program} is missing: cmake --preset release && "
                              "cmake --build --preset release --target wagesim step_worker peak_worker")
    begin = time.monotonic()
    report = {"machine": machine(), "emulation": None, "results": []}
    print(f"{report['machine']['cpu']}, {report['machine']['cores']} cores, load {report['machine']['load'][0]:.1f}")
    check = subprocess.run([options.python, str(competitors.HERE / "check_emulation.py"), "--wagesim",
                            str(options.build / "bin" / "wagesim")], stdout=subprocess.PIPE, text=True, check=True)
    report["emulation"] = json.loads(check.stdout)
    emulation = report["emulation"]
    print(f"emulation: {emulation['tensors']} tensors, {emulation['elements']:,} elements equal those of wagesim; "
          f"its loss falls from {emulation['first_loss']:.3f} to {emulation['last_loss']:.3f} "
          f"in {emulation['steps']} steps")
    for network in options.networks:
        for threads in options.threads:
            report["results"].append(measure(options, network, threads))
            print_result(report["results"][-1])
            sys.stdout.flush()
    report["memory"] = memory.peak_memory(options.build, ROOT, 2 if options.quick else 6)
    report["missed"] = missed(report["results"], report["memory"])
    report["wall_seconds"] = time.monotonic() - begin
    report["machine"]["load_after"] = machine()["load"]
    used = report["memory"]
    print(f"\nwagesim train, VGG8, batch 128, {used['data']} images: peak resident memory "
          f"{used['bytes'] / 2**20:.0f} MiB; limit {MEMORY_LIMIT / 2**20:.0f} MiB: "
          f"{'met' if used['bytes'] <= MEMORY_LIMIT else 'MISSED'}")
    print(f"{report['wall_seconds']:.0f} s, load at the end {report['machine']['load_after'][0]:.1f}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if options.require_targets and report["missed"] else 0


def main():
    options = parse()
    try:
        return run(options)
    except (WorkerError, subprocess.CalledProcessError, OSError) as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
