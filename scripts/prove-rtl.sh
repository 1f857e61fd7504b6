#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Proves the arithmetic of the quantize/update unit's RTL over all inputs (docs/adr/0023-proofs-of-the-leaves.md): each
# file of tests/rtl/formal with a line "Proves:" against the real modules of rtl/, with Yosys and ABC; and by z3 that what
# it assumes can be met and every case it names occurs.
#   scripts/prove-rtl.sh [PATTERN]             all, or those whose names match the extended regular expression
#   scripts/prove-rtl.sh --list                names, and what each proves
#   scripts/prove-rtl.sh --self-test [PATTERN] proofs of broken specifications (faults.txt): each must fail
# Exits with 1 where a proof fails or is not done in time, with 77 where a tool is missing.
set -euo pipefail
script=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")
cd "$(dirname "$script")/../tests/rtl/formal"

limit_seconds=${WAGESIM_PROOF_SECONDS:-300} # for each call of a solver
rtl=../../../rtl

mode=prove
case "${1:-}" in
    --list | --self-test) mode=${1#--} && shift ;;
    -h | --help)
        sed -n '5,11s/^# \{0,1\}//p' "$script"
        exit 0
        ;;
    -*)
        echo "prove-rtl.sh: got '$1', allowed --list, --self-test or a pattern" >&2
        exit 2
        ;;
esac
if [[ $# -gt 1 ]]; then
    echo "prove-rtl.sh: got '$2' after the pattern, allowed one pattern" >&2
    exit 2
fi
pattern=${1:-.}
valid=0
[[ '' =~ $pattern ]] || valid=$?
if [[ $valid -eq 2 ]]; then
    echo "prove-rtl.sh: got '$pattern', allowed an extended regular expression" >&2
    exit 2
fi

names=()
for file in *.sv; do
    grep -q '^// Proves: ' "$file" && [[ ${file%.sv} =~ $pattern ]] && names+=("${file%.sv}")
done
[[ ${#names[@]} -gt 0 ]] || {
    echo "prove-rtl.sh: no proof matches '$pattern'" >&2
    exit 2
}
field() { sed -n "s|^// $2: ||p" "$1.sv"; } # <name> <field of its header>

if [[ $mode == list ]]; then
    for name in "${names[@]}"; do echo "$name: $(field "$name" Proves)"; done
    exit 0
fi
for tool in yosys yosys-abc yosys-smtbmc z3; do
    command -v "$tool" > /dev/null || {
        echo "prove-rtl.sh: skipped, no $tool here"
        exit 77
    }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# read_design <folder with the specifications> <name> <prefix of what is written> <passes and backend>...
# The state that the circuit starts from is whatever has no initial value, that is all of the RTL's; nothing undefined
# may help, so that it is free as well.
read_design() {
    local folder=$1 name=$2 log=$3.log helpers=() file
    for file in "$folder"/*.sv; do grep -q '^// Proves: ' "$file" || helpers+=("$file"); done
    yosys -q -l "$log" -p "read_verilog -sv -formal -D SYNTHESIS $(sed "s|^|$rtl/|" $rtl/rtl.f | tr '\n' ' ') \
                                        ${helpers[*]} $folder/$name.sv
                           hierarchy -check -top $name; proc -norom; flatten; memory_map; async2sync
                           setundef -undriven -anyseq; setundef -anyseq; dffunmap; opt -nodffe -nosdff
                           $4" > /dev/null 2>&1 || {
        echo "prove-rtl.sh: Yosys does not read $name:" >&2
        tail -5 "$log" >&2
        exit 1
    }
}

bmc() { # <prefix> <yosys-smtbmc's options>...
    local prefix=$1
    shift
    timeout "$limit_seconds" yosys-smtbmc --noprogress -s z3 "$@" "$prefix.smt2" > "$prefix.out" 2>&1 || true
    if grep -q 'Status: PASSED' "$prefix.out"; then
        echo proven
    elif grep -qE 'Assert failed|Unreached cover|induction failed' "$prefix.out"; then
        echo refuted
    else
        echo undecided
    fi
}

# Prints proven, refuted or undecided.
#   N cycles    unrolled over N cycles from any state of the RTL, one miter for ABC: structural hashing, then SAT sweeping
#   induction   z3, a step from any state in which the assertions hold, and the first state: for ever
prove() { # <folder> <name>
    local prefix=$work/proof method answer
    method=$(field "$2" Method)
    if [[ $method == induction ]]; then
        read_design "$1" "$2" "$prefix" "write_smt2 -wires -stbv $prefix.smt2"
        answer=$(bmc "$prefix" -t 1)
        [[ $answer != proven ]] || answer=$(bmc "$prefix" -i -t 1)
        echo "$answer"
        return
    fi
    read_design "$1" "$2" "$prefix" "chformal -cover -remove; techmap; opt -nodffe -nosdff; simplemap; aigmap
                                     setundef -anyseq; opt_clean; write_aiger $prefix.aig"
    local unroll="fold; logic; undc; strash; frames -i -F ${method%% *}; orpos" # one line: ABC reads no further
    timeout "$limit_seconds" yosys-abc -c "read_aiger $prefix.aig; $unroll; &get -n; &cec -m" > "$prefix.out" 2>&1 || true
    if grep -q 'Networks are equivalent' "$prefix.out"; then
        echo proven
    elif grep -q 'NOT EQUIVALENT' "$prefix.out"; then
        echo refuted
    else
        echo undecided
    fi
}

# Are the cases that the proof names reachable under its assumptions?
reach() { # <name>
    local prefix=$work/cover cycles
    cycles=$(field "$1" Method)
    cycles=${cycles%% *}
    [[ $cycles != induction ]] || cycles=3
    read_design . "$1" "$prefix" "chformal -assert -remove; opt_clean; write_smt2 -stbv $prefix.smt2"
    bmc "$prefix" -c -t "$cycles"
}

input_bits() { # as Yosys wrote them into the last design read for reach; clock and reset left out
    awk '/^; yosys-smt2-input / && $3 !~ /^(clk_i|rst_ni)$/ { bits += $4 } END { print bits + 0 }' "$work/cover.smt2"
}

failed=0
if [[ $mode == prove ]]; then
    for name in "${names[@]}"; do
        start=$EPOCHREALTIME
        verdict=$(prove . "$name")
        covers=$(reach "$name")
        [[ $covers == proven ]] || verdict="$verdict, but its cases are not shown reachable"
        [[ $verdict == proven ]] || failed=$((failed + 1))
        awk -v name="$name" -v verdict="$verdict" -v bits="$(input_bits)" -v what="$(field "$name" Proves)" \
            -v start="$start" -v end="$EPOCHREALTIME" \
            'BEGIN { printf "%s: %s (%d input bits a cycle, %.1f s): %s\n", name, verdict, bits, end - start, what }'
    done
    echo "${#names[@]} proofs, $((${#names[@]} - failed)) proven, $failed failed"
else
    faults=0
    for name in "${names[@]}"; do
        grep -q "^$name|" faults.txt || {
            echo "$name: no fault in faults.txt"
            failed=$((failed + 1))
        }
    done
    while IFS='|' read -r name file expression; do
        [[ -n $name && $name != \#* && $name =~ $pattern ]] || continue
        faults=$((faults + 1))
        rm -rf "$work/broken"
        mkdir "$work/broken"
        cp ./*.sv "$work/broken"
        sed -i "$expression" "$work/broken/$file.sv"
        if cmp -s "$file.sv" "$work/broken/$file.sv"; then
            verdict="changes nothing"
        else
            verdict=$(prove "$work/broken" "$name")
        fi
        [[ $verdict == refuted ]] || failed=$((failed + 1))
        echo "$name with $expression in $file.sv: $verdict"
    done < faults.txt
    [[ $faults -gt 0 ]] || failed=$((failed + 1))
    echo "$faults broken specifications, $((faults - failed)) refuted, $failed failed"
fi
[[ $failed -eq 0 ]]
