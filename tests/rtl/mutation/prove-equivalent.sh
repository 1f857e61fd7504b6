#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Is a mutant the same circuit? Yosys' SAT compares the mutated module, with all that is in it, with the original: first
# flop by flop, then by induction over time; where the module differs, the whole unit, whose surroundings may never ask
# for the difference.
#   prove-equivalent.sh DESIGN.il 'mutate -mode ...' [SECONDS]
# Exit status 0 where it is proven, 1 where it is not, within SECONDS (300) for each attempt.
set -euo pipefail

if [[ $# -lt 2 || $# -gt 3 ]]; then
    echo "prove-equivalent.sh: got $# arguments, allowed DESIGN.il MUTANT [SECONDS]" >&2
    exit 2
fi
design=$1 mutant=$2 seconds=${3:-300}
module=$(sed -E 's/.* -module ([^ ]+).*/\1/' <<<"$mutant")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# proven TOP: are the original and the mutated TOP equal, each flattened?
proven() {
    cat >"$scratch/prove.ys" <<EOF
read_rtlil $design
hierarchy -top $1
flatten
opt_clean
rename $1 gold
write_rtlil $scratch/gold.il
design -reset
read_rtlil $design
$mutant
hierarchy -top $1
flatten
opt_clean
rename $1 gate
read_rtlil $scratch/gold.il
equiv_make gold gate equal
hierarchy -top equal
opt -full
equiv_struct
equiv_simple -undef
equiv_induct -undef -seq 6
equiv_status -assert
EOF
    timeout "$seconds" yosys -q -l "$scratch/log" -s "$scratch/prove.ys" >/dev/null 2>&1
}

if proven "$module"; then
    echo "equivalent: the module alone"
elif proven '\quantize_update'; then
    echo "equivalent: in the unit"
else
    echo "not proven"
    exit 1
fi
