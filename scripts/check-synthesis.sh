#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Does docs/synthesis.md say what scripts/synth.sh says, and configs/technologies/digital-45nm.yaml what follows from it?
#   scripts/check-synthesis.sh         a few modules at 4 lanes, in seconds
#   scripts/check-synthesis.sh --all   every row at 4 lanes, in minutes
# Exit status: 0 yes, 1 no, 77 without Yosys (a skipped test).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
page=docs/synthesis.md
technology=configs/technologies/digital-45nm.yaml
arguments=(--lanes 4 --modules "max_tree,key_schedule,settings,exponent")
case "${1:-}" in
    "") ;;
    --all) arguments=(--lanes 4) ;;
    *)
        echo "check-synthesis.sh: got '$1', allowed nothing or --all" >&2
        exit 2
        ;;
esac
command -v yosys >/dev/null || {
    echo "check-synthesis.sh: no yosys here" >&2
    exit 77
}

# What follows from the page: an area is NAND2 equivalents x 0.798 um2, an energy NAND2 equivalents x 0.623 fJ.
nand2() { sed -n "/module, 4 lanes/,/^$/s/^| $1 |.*| \([0-9]*\) | [0-9]* |$/\1/p" "$page"; }
fit() { sed -n "s/^fit over lanes: \([0-9]*\) NAND2 equivalents fixed, \([0-9]*\) a lane$/\\$1/p" "$page"; }
figure() { sed -n "s/^  $1: {$2: \([0-9.]*\),.*/\1/p" "$technology"; }
expect() {
    awk -v what="$1" -v got="$2" -v nand2="$3" -v each="$4" 'BEGIN {
        expected = nand2 * each
        if (nand2 <= 0 || got < expected * 0.999 || got > expected * 1.001) {
            printf "check-synthesis.sh: %s: got %s, and the page gives %s x %s = %g\n", what, got, nand2, each, expected \
                > "/dev/stderr"
            exit 1
        }
    }' || failed=1
}
failed=0
lane=$(nand2 lane)
expect "area of quantize_unit" "$(figure quantize_unit um2)" "$(fit 1)" 0.798
expect "area of quantize_lane" "$(figure quantize_lane um2)" "$(fit 2)" 0.798
expect "energy of quantize" "$(figure quantize pj)" "$lane" 0.000623
expect "energy of maximum" "$(figure maximum pj)" "$((lane + $(nand2 max_tree) / 4))" 0.000623
expect "energy of update" "$(figure update pj)" "$((lane + $(nand2 random) / 4))" 0.000623
expect "energy of output_error" "$(figure output_error pj)" "$((lane + $(nand2 output_error) + $(nand2 registers)))" 0.000623
expect "energy of register_write" "$(figure register_write pj)" "$(nand2 settings)" 0.000623

rows=$(scripts/synth.sh "${arguments[@]}" | grep -E '^\| [a-z_]+ \| [0-9]')
while IFS= read -r row; do
    grep -qxF "$row" "$page" || {
        echo "check-synthesis.sh: $page has not: $row" >&2
        failed=1
    }
done <<<"$rows"
[[ $failed == 0 ]] || exit 1
echo "check-synthesis.sh: $(wc -l <<<"$rows") rows and 7 figures agree"
