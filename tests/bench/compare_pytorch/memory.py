# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Peak resident memory of a real training by the command line: VGG8, batch 128, data set, checkpoint and evaluation
# included.
"""Runs `wagesim train` on VGG8 and reads its peak resident set from the kernel."""

import os
import pathlib
import subprocess
import tempfile

SYNTHETIC = "data={format: synthetic, count: 50000, test_count: 10000, classes: 10, range: symmetric, " \
            "augment: crop_flip}"


def peak_memory(build, root, steps):
    """Bytes, and where the images came from: CIFAR-10 where WAGESIM_DATA has it, else as many synthetic ones."""
    data = os.environ.get("WAGESIM_DATA", "")
    real = data != "" and (pathlib.Path(data) / "cifar10" / "data_batch_1.bin.xz").is_file()
    with tempfile.TemporaryDirectory() as folder:
        command = [str(build / "bin" / "wagesim"), "train", "-c", str(root / "configs/runs/vgg8-cifar10.yaml"),
                   "--steps", str(steps), "--quiet", "--out", folder + "/run", "--set", "training.batch=128"]
        if not real:
            command += ["--set", SYNTHETIC]
        with subprocess.Popen(command) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, command)
    return {"bytes": 1024 * usage.ru_maxrss, "data": "cifar10" if real else "synthetic", "steps": steps}
