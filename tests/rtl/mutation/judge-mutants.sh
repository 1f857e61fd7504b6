#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Every mutant is found by the random bench, or proven to be the same circuit, or listed as neither.
#   judge-mutants.sh RTL_MUTANTS MUTANTS_FOLDER [option of rtl_mutants]...
# Ends with one line of totals. Exit status 1 where more than one in a hundred is neither, 3 where the bench fails
# without any mutant.
set -euo pipefail

if [[ $# -lt 2 ]]; then
    echo "judge-mutants.sh: got $# arguments, allowed RTL_MUTANTS MUTANTS_FOLDER [option of rtl_mutants]..." >&2
    exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$1 folder=$2
shift 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

status=0
"$program" "$folder/mutants.txt" --survivors="$scratch/survivors" "$@" | tee "$scratch/log" || status=$?
[[ $status -le 1 ]] || exit "$status"
read -r found judged < <(sed -nE 's/^([0-9]+) of ([0-9]+) mutants found.*/\1 \2/p' "$scratch/log")

equivalent=0 neither=0
while read -r number mutant; do
    if verdict=$("$here/prove-equivalent.sh" "$folder/design.il" "$mutant"); then
        equivalent=$((equivalent + 1))
    else
        neither=$((neither + 1))
    fi
    echo "mutant $number: $verdict"
done <"$scratch/survivors"

echo "$judged mutants: $found found, $equivalent proven equivalent, $neither neither"
[[ $judged -gt 0 && $((neither * 100)) -le $judged ]]
