#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Is a mutant the same circuit? Yosys' SAT compares the mutated module, with all that is in it, with the original: wire by
# wire; flop by flop, the next values of both from any common state; what leaves the module, by induction over time from
# flops at 0. No way models clock edges, so a mutant of a clock is never proven. Where these differ, the same with
# the inputs that the module can see in the unit (surroundings/, one file a module, with reasons); then the whole unit.
#   prove-equivalent.sh DESIGN.il 'mutate -mode ...' [SECONDS]
# Exit status 0 where it is proven, 1 where it is not, within SECONDS (120) for each attempt.
set -euo pipefail

if [[ $# -lt 2 || $# -gt 3 ]]; then
    echo "prove-equivalent.sh: got $# arguments, allowed DESIGN.il MUTANT [SECONDS]" >&2
    exit 2
fi
design=$1 mutant=$2 seconds=${3:-120}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
module=$(sed -E 's/.* -module ([^ ]+).*/\1/' <<<"$mutant")
if [[ $mutant =~ \ -port\ (CLK|clk_i)\  || $mutant =~ \ -wire\ clk_i\  ]]; then
    echo "not proven: a clock"
    exit 1
fi
surroundings="$here/surroundings/${module#\\}.sv"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# proven TOP [FILE]: are the original and the mutated TOP equal, each flattened? FILE holds TOP where the design does not.
proven() {
    local read=''
    [[ $# -lt 2 ]] || read="read_verilog -sv $2"
    cat >"$scratch/prove.ys" <<EOF
read_rtlil $design
$read
hierarchy -top $1
proc
flatten
opt_clean
rename $1 gold
write_rtlil $scratch/gold.il
design -reset
read_rtlil $design
$mutant
$read
hierarchy -top $1
proc
flatten
opt_clean
rename $1 gate
read_rtlil $scratch/gold.il
EOF
    cat >"$scratch/flops.ys" <<EOF
cd gold
rename -hide w:* t:*dff* %co1:+[Q] %d
cd gate
rename -hide w:* t:*dff* %co1:+[Q] %d
cd ..
EOF
    cat >"$scratch/wires.ys" <<EOF
equiv_make gold gate equal
hierarchy -top equal
opt -full
equiv_struct
equiv_simple -undef
equiv_status -assert
EOF
    cat >"$scratch/outputs.ys" <<EOF
miter -equiv -flatten -make_outputs gold gate equal
hierarchy -top equal
async2sync
dffunmap
opt -full
sat -verify -tempinduct -set-init-zero -maxsteps 12 -prove trigger 0 equal
EOF
    local way
    for way in wires flops outputs; do
        case $way in
            wires) cat "$scratch/prove.ys" "$scratch/wires.ys" >"$scratch/all.ys" ;;
            flops) cat "$scratch/prove.ys" "$scratch/flops.ys" "$scratch/wires.ys" >"$scratch/all.ys" ;;
            outputs) cat "$scratch/prove.ys" "$scratch/outputs.ys" >"$scratch/all.ys" ;;
        esac
        timeout "$seconds" yosys -q -l "$scratch/log" -s "$scratch/all.ys" >/dev/null 2>&1 && return 0
    done
    return 1
}

if proven "$module"; then
    echo "equivalent: the module alone"
elif [[ -f $surroundings ]] && proven surroundings "$surroundings"; then
    echo "equivalent: the module in its surroundings"
elif proven '\quantize_update'; then
    echo "equivalent: in the unit"
else
    echo "not proven"
    exit 1
fi
