#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Is the SystemVerilog clean under `verilator --lint-only -Wall` at every lane count, and, where Yosys is installed, in
# the subset that it reads?
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../rtl"

mapfile -t sources < rtl.f
for source in *.sv; do
    printf '%s\n' "${sources[@]}" | grep -qxF "$source" || {
        echo "lint-rtl.sh: $source is not in rtl.f" >&2
        exit 1
    }
done

lane_counts=(1 2 4 8 16 32 64)
for lanes in "${lane_counts[@]}"; do
    verilator --lint-only -Wall --assert --top-module quantize_update -GLanes="$lanes" lint/waivers.vlt "${sources[@]}"
done
# What programmable logic takes instead, and the unit behind its pins.
for lanes in 1 2; do
    verilator --lint-only -Wall --assert --top-module quantize_update -GLanes="$lanes" -GTableMemory="1'b1" \
        -GSerialSquare="1'b1" lint/waivers.vlt "${sources[@]}"
    verilator --lint-only -Wall --assert --top-module quantize_update_serial -GLanes="$lanes" lint/waivers.vlt \
        "${sources[@]}" ice40/quantize_update_serial.sv
done
echo "lint-rtl.sh: ${#sources[@]} files, ${#lane_counts[@]} lane counts: clean"

for source in ../tests/bench/rtl/*.sv; do
    verilator --lint-only -Wall "$source"
done

if command -v yosys > /dev/null; then
    for lanes in 1 2 16; do
        if ! log=$(yosys -q -p "read_verilog -sv ${sources[*]}
                                hierarchy -check -top quantize_update -chparam Lanes $lanes
                                proc
                                check -assert" 2>&1); then
            echo "$log" >&2
            exit 1
        fi
    done
    echo "lint-rtl.sh: read by $(yosys -V | cut -d' ' -f1,2)"
else
    echo "lint-rtl.sh: no yosys here, its subset is not checked" >&2
fi
