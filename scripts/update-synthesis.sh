#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Counts the quantize/update unit again after its RTL changed, and writes what follows: the tables of docs/synthesis.md
# and the unit's areas and energies in configs/technologies. scripts/check-synthesis.sh checks the outcome.
#   scripts/update-synthesis.sh              counts: half an hour and more
#   scripts/update-synthesis.sh GATES ICE40  takes what `scripts/synth.sh` and `scripts/synth.sh --ice40` have printed
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gates="${1:-$work/gates}"
ice40="${2:-$work/ice40}"
if [[ $# -eq 0 ]]; then
    scripts/synth.sh >"$gates"
    scripts/synth.sh --ice40 >"$ice40"
elif [[ $# -ne 2 ]]; then
    echo "update-synthesis.sh: got $# arguments, allowed none or two files" >&2
    exit 2
fi

# block MARK FILE: what stands between the comment MARK and the next "end" becomes FILE.
block() {
    awk -v mark="<!-- $1 -->" -v file="$2" '
        !inside { print }
        $0 == mark { while ((getline line < file) > 0) print line; inside = 1; found = 1 }
        inside && $0 == "<!-- end -->" { print; inside = 0 }
        END { exit !found }' docs/synthesis.md >"$work/page"
    cp "$work/page" docs/synthesis.md
}
block "scripts/synth.sh" "$gates"
block "scripts/synth.sh --ice40" "$ice40"

nand2() { sed -n "/module, 4 lanes/,/^$/s/^| $1 |.*| \([0-9]*\) | [0-9]* |$/\1/p" "$gates"; }
fit() { sed -n "s/^fit over lanes: \([0-9]*\) NAND2 equivalents fixed, \([0-9]*\) a lane$/\\$1/p" "$gates"; }

# figure KEY FORM NAND2 EACH DIGITS WHAT: in digital-45nm.yaml, the files that quote it and the one that scales it.
figure() {
    local key=$1 form=$2 nand2=$3 each=$4 digits=$5 what=$6 file factor before
    for file in configs/technologies/*.yaml; do
        factor=1
        before=""
        case "$file" in
            */digital-45nm.yaml) ;;
            */neurram-130nm.yaml) continue ;; # prices its array alone
            */rram-22nm.yaml)
                factor=$(awk -v form="$form" 'BEGIN {
                    shrink = 22 / 45
                    supply = 0.8 / 0.9
                    printf "%.9f", form == "um2" ? shrink * shrink : shrink * supply * supply }')
                before="our estimate: digital-45nm.yaml x $(if [[ $form == um2 ]]; then echo 0.239; else echo 0.386; fi): "
                ;;
            *) before="digital-45nm.yaml, unscaled, an upper bound: " ;;
        esac
        awk -v key="$key" -v form="$form" -v source="$before$what" -v nand2="$nand2" -v each="$each" -v factor="$factor" \
            -v digits="$digits" '
            !inside && index($0, "  " key ": {" form ": ") == 1 {
                value = sprintf("%.*f", digits, nand2 * each * factor)
                line = sprintf("  %s: {%s: %s, source: \"%s\"}", key, form, value, source)
                if (length(line) > 120) {
                    line = sprintf("  %s: {%s: %s,\n    source: \"%s\"}", key, form, value, source)
                }
                print line
                inside = 1
                found = 1
            }
            !inside { print }
            inside && /}$/ { inside = 0 }
            END { exit !found }' "$file" >"$work/technology" || {
            echo "update-synthesis.sh: $file has no $key: {$form: ...}" >&2
            exit 1
        }
        cp "$work/technology" "$file"
    done
}
area="NAND2 of 0.798 um2 (docs/synthesis.md)"
energy="NAND2 of 0.623 fJ (docs/synthesis.md)"
lane=$(nand2 lane)
maximum=$((lane + $(nand2 max_tree) / 4))
update=$((lane + $(nand2 random) / 4))
output_error=$((lane + $(nand2 output_error) + $(nand2 registers)))
figure quantize_lane um2 "$(fit 2)" 0.798 1 "scripts/synth.sh, $(fit 2) $area"
figure quantize_unit um2 "$(fit 1)" 0.798 1 "scripts/synth.sh, $(fit 1) $area"
figure quantize pj "$lane" 0.000623 4 "scripts/synth.sh, a lane, $lane $energy"
figure maximum pj "$maximum" 0.000623 4 "scripts/synth.sh, a lane and its tree, $maximum $energy"
figure update pj "$update" 0.000623 4 "scripts/synth.sh, a lane and its cipher, $update $energy"
figure output_error pj "$output_error" 0.000623 4 "scripts/synth.sh, a lane, squarer and loss, $output_error $energy"
figure register_write pj "$(nand2 settings)" 0.000623 4 "scripts/synth.sh, settings, $(nand2 settings) $energy"
echo "update-synthesis.sh: docs/synthesis.md and configs/technologies are written"
