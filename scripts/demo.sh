#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# From nothing to a chip that learns: installs what is missing, builds, and trains LeNet for one epoch on Fashion-MNIST
# on the simulated chip, with the Verilated RTL quantizing and updating. Every tensor of the first 20 steps and the
# weights after the last one are compared with the reference trainer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
begin=$(date +%s)

scripts/install-deps.sh --build
cmake --preset release
cmake --build --preset release --target wagesim

out=$(mktemp -d)/lenet-fashion
build/release/bin/wagesim verify -c configs/runs/lenet-fashion.yaml --set chip.quantizer=rtl \
    --set training.epochs=1 --compare-steps 20 --out "$out"

cat <<TEXT

That was LeNet (32C5-MP2-64C5-MP2-512FC-10) learning in 8-bit integers on a chip of crossbars, with the
SystemVerilog quantize/update unit in the loop. It took $(($(date +%s) - begin)) s, building included.
The run is in $out

What to try next:
  build/release/bin/wagesim verify -c configs/runs/lenet-fashion.yaml --steps 3 --inject 1:1:error_q:500:2
      flip one bit in the chip's memory and see the comparison name it
  build/release/bin/wagesim simulate -c configs/runs/lenet-fashion.yaml --steps 50 --set chip.crossbar.rows=64
      change the chip: what happens to cycles and utilisation?
  build/release/bin/wagesim train -c configs/runs/lenet-fashion.yaml --set training.epochs=3 --record --out run
  build/release/bin/wagesim report run -o report.html
      the reference trainer alone, and a page of its curves and histograms
TEXT
