#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Would the random bench notice a fault in the quantize/update unit? Mutates the RTL and judges every mutant
# (tests/rtl/mutation, docs/verification.md). Needs yosys, and a configured build folder.
#   scripts/mutate-rtl.sh [--build FOLDER] [--count N] [--seed N] [--rounds N]
# Builds COUNT mutants (600) drawn by SEED (1) in FOLDER (build/release) and gives each up to ROUNDS (150) rounds.
set -euo pipefail
script=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "$0")
cd "$(dirname "$script")/.."

build=build/release count=600 seed=1 rounds=150
while [[ $# -gt 0 ]]; do
    case "$1" in
        --build | --count | --seed | --rounds)
            if [[ $# -lt 2 || ($1 != --build && ! $2 =~ ^[1-9][0-9]*$) ]]; then
                what='a number above 0'
                [[ $1 != --build ]] || what='a folder'
                echo "mutate-rtl.sh: $1: got '${2:-}', allowed $what" >&2
                exit 2
            fi
            declare "${1#--}=$2"
            shift 2
            ;;
        -h | --help)
            sed -n '5,8s/^# \{0,1\}//p' "$script"
            exit 0
            ;;
        *)
            echo "mutate-rtl.sh: got '$1', allowed --build FOLDER, --count N, --seed N, --rounds N" >&2
            exit 2
            ;;
    esac
done
if [[ ! -f $build/CMakeCache.txt ]]; then
    echo "mutate-rtl.sh: $build is no build folder; cmake --preset release makes build/release" >&2
    exit 2
fi
if ! command -v yosys >/dev/null; then
    echo "mutate-rtl.sh: no yosys here; scripts/install-deps.sh installs it" >&2
    exit 2
fi

cmake -S . -B "$build" -DWAGESIM_RTL_MUTANTS="$count" -DWAGESIM_RTL_MUTANT_SEED="$seed" >/dev/null
cmake --build "$build" --target rtl_mutants
tests/rtl/mutation/judge-mutants.sh "$build/tests/rtl_mutants" "$build/tests/rtl/mutation/mutants" --rounds="$rounds"
