#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# What the quantize/update unit costs in gates, or on an iCE40: docs/synthesis.md says how to read the numbers.
#   scripts/synth.sh                              gates, at 4, 16 and 64 lanes, and where they are
#   scripts/synth.sh --lanes 8,32                 at others
#   scripts/synth.sh --modules scale,exponent     these modules alone, each at the first lane count: seconds
#   scripts/synth.sh --ice40                      logic cells and frequency on iCE40, behind the serial wrapper
#   -o FILE.csv                                   also as lines of target,lanes,module,quantity,value
# Exit status: 0 done, 1 a tool failed, 2 wrong arguments, 3 a tool is missing.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    echo "synth.sh: $2" >&2
    exit "$1"
}

lanes_list=""
modules=""
ice40=false
csv=""
while [[ $# -gt 0 ]]; do
    case "$1" in
        --lanes | --modules | -o)
            [[ $# -ge 2 && -n "$2" ]] || fail 2 "$1 needs a value"
            case "$1" in
                --lanes) lanes_list=$2 ;;
                --modules) modules=$2 ;;
                -o) csv=$2 ;;
            esac
            shift
            ;;
        --ice40) ice40=true ;;
        -h | --help)
            sed -n '5,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *) fail 2 "got '$1', allowed --lanes N,..., --modules NAME,..., --ice40, -o FILE" ;;
    esac
    shift
done
if [[ -z "$lanes_list" ]]; then
    lanes_list=4,16,64
    if $ice40; then lanes_list=1,2; fi
fi
IFS=, read -ra lane_counts <<<"$lanes_list"
for lanes in "${lane_counts[@]}"; do
    [[ "$lanes" =~ ^(1|2|4|8|16|32|64)$ ]] || fail 2 "--lanes: got '$lanes', allowed 1, 2, 4, 8, 16, 32, 64"
done
if $ice40 && [[ -n "$modules" ]]; then fail 2 "--modules: not with --ice40, which places the whole unit"; fi
if [[ -n "$csv" ]]; then
    [[ -d "$(dirname "$csv")" && -w "$(dirname "$csv")" && ! -d "$csv" ]] || fail 2 "-o: $csv cannot be written"
fi
for module in ${modules//,/ }; do
    [[ "$module" != pkg && -f "$root/rtl/quantize_update_$module.sv" ]] ||
        fail 2 "--modules: got '$module', allowed a module of rtl/ without its quantize_update_"
done
tools=(yosys)
if $ice40; then tools+=(nextpnr-ice40 icepack); fi
for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || fail 3 "$tool is not installed: scripts/install-deps.sh --dev"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lines="$work/lines.csv"
echo "target,lanes,module,quantity,value" >"$lines"
mapfile -t sources < <(sed "s|^|$root/rtl/|" "$root/rtl/rtl.f")

progress() { echo "synth.sh: $*" >&2; }

# quietly LOG COMMAND...: shows the log's end where the command fails.
quietly() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        fail 1 "$1 failed"
    }
}

line() { echo "$1,$2,$3,$4,$5" >>"$lines"; }

source "$root/scripts/synth/gates.sh"
source "$root/scripts/synth/ice40.sh"

if $ice40; then
    ice40_report
elif [[ -n "$modules" ]]; then
    IFS=, read -ra names <<<"$modules"
    for name in "${names[@]}"; do
        [[ -f "$root/rtl/quantize_update_$name.sv" ]] || fail 2 "--modules: no rtl/quantize_update_$name.sv"
        gates_module "${lane_counts[0]}" "$name"
    done
    gates_module_table "${lane_counts[0]}"
else
    gates_report
fi
if [[ -n "$csv" ]]; then cp "$lines" "$csv"; fi
