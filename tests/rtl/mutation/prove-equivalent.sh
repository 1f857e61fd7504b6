#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Is a mutant the same circuit? The mutated module is compared with the original: by Yosys' SAT, wire by wire with the
# modules in it taken as black boxes; with all that is in it, wire by wire, and flop by flop, the next values of both from
# any common state; by ABC's sequential prover, what leaves the module from flops at 0 on. No way models clock edges, so a
# mutant of a clock is never proven. Where these differ, the same with the inputs that the module can see in the unit
# (surroundings/, one file a module, with reasons); then the whole unit.
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

# both TOP HOW [FILE]: yosys commands for the original TOP as `gold` and the mutated one as `gate`, made HOW. FILE holds TOP
# where the design does not.
both() {
    local top=$1 how=$2 read=''
    [[ $# -lt 3 ]] || read="read_verilog -sv $3"
    cat <<EOF
read_rtlil $design
$read
hierarchy -top $top
proc
$how
opt_clean
rename $top gold
select -module gold
write_rtlil -selected $scratch/gold.il
select -clear
design -reset
read_rtlil $design
$mutant
$read
hierarchy -top $top
proc
$how
opt_clean
rename $top gate
EOF
}

# within SECONDS: does yosys get through what stands on standard input?
yosys_agrees() {
    cat >"$scratch/prove.ys"
    timeout "$seconds" yosys -q -l "$scratch/log" -s "$scratch/prove.ys" >/dev/null 2>&1
}

wire_by_wire="
equiv_make gold gate equal
hierarchy -top equal
opt -full
equiv_struct
equiv_simple -undef
equiv_status -assert"

# The same parts with the same inputs are the same: of the gate only the top is read back, beside the original's parts. The
# mutated module has to be the top itself.
shells_agree() {
    [[ $1 == "$module" ]] || return 1
    {
        both "$1" "blackbox =A:top %n" "${@:2}"
        echo "read_rtlil $scratch/gold.il"
        echo "$wire_by_wire"
    } | yosys_agrees
}

wires_agree() {
    {
        both "$1" flatten "${@:2}"
        echo "read_rtlil $scratch/gold.il"
        echo "$wire_by_wire"
    } | yosys_agrees
}

flops_agree() {
    {
        both "$1" flatten "${@:2}"
        echo "read_rtlil $scratch/gold.il"
        for circuit in gold gate; do
            printf 'cd %s\nrename -hide w:* t:*dff* %%co1:+[Q] %%d\ncd ..\n' "$circuit"
        done
        echo "$wire_by_wire"
    } | yosys_agrees
}

outputs_agree() {
    {
        both "$1" flatten "${@:2}"
        cat <<EOF
read_rtlil $scratch/gold.il
miter -equiv -flatten gold gate equal
hierarchy -top equal
async2sync
dffunmap
memory_map
opt_clean
techmap
dfflegalize -cell \$_DFF_P_ 0
setundef -undriven -zero
setundef -init -zero
abc -g AND
opt_clean
write_aiger -zinit $scratch/equal.aig
EOF
    } | yosys_agrees || return 1
    timeout "$seconds" yosys-abc -c "read_aiger $scratch/equal.aig; strash; scleanup; dprove" 2>&1 |
        grep -q '^Networks are equivalent'
}

# proven TOP [FILE]: are the original and the mutated TOP equal?
proven() {
    shells_agree "$@" || wires_agree "$@" || flops_agree "$@" || outputs_agree "$@"
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
