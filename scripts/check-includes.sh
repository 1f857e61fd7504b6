#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Holds every #include of ours to docs/architecture.md: who may know whom. Prints each breach; exits 1 where there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failures=0
complain() {
    echo "$1"
    failures=$((failures + 1))
}

# may <files under> <pattern of our includes that are allowed there>
may() {
    local folder=$1 allowed=$2 line file include
    [[ -d "$folder" ]] || return 0
    while IFS= read -r line; do
        file=${line%%:*}
        include=$(sed -E 's/.*#include [<"]([^">]+)[">].*/\1/' <<<"$line")
        [[ "$include" =~ ^($allowed) ]] || complain "$file: includes $include, allowed ($allowed)"
    done < <(grep -rnE '^\s*#\s*include ("|<(ref|tlm|rtl|platforms)/)' --include='*.hpp' --include='*.cpp' "$folder" || true)
}

vocabulary='ref/numerics/|ref/tensor/'
may ref/communicator 'ref/tensor/|ref/communicator/'
may ref/numerics 'ref/numerics/'
may ref/tensor 'ref/tensor/'
may ref/network "$vocabulary|ref/network/"
may ref/quantize_update "$vocabulary|ref/quantize_update/"
may ref/kernels "$vocabulary|ref/network/|ref/kernels/"
may ref/quantizers "$vocabulary|ref/network/|ref/kernels/|ref/quantizers/"
may ref/layers "$vocabulary|ref/network/|ref/kernels/|ref/quantizers/|ref/layers/"
may ref/data "$vocabulary|ref/network/|ref/data/"
may ref/record "$vocabulary|ref/network/|ref/data/|ref/record/"
may ref/floating "$vocabulary|ref/network/|ref/kernels/(pooling|convolution_shape|multiversion|team_failure)\.hpp|ref/floating/"
may ref/trainer 'ref/(numerics|tensor|network|communicator|kernels|layers|quantizers|trainer)/'
may tlm "$vocabulary|ref/network/|ref/quantize_update/|ref/kernels/integer_product\.hpp|tlm/"
may rtl "$vocabulary|ref/quantize_update/|rtl/|V"
may platforms/config "$vocabulary|ref/network/|ref/data/|tlm/.*_config\.hpp|tlm/energy/(technology|activity_factors)\.hpp|platforms/config/"
may platforms/sweep 'ref/data/|platforms/(config|sweep)/'
may platforms/mpi 'ref/communicator/|platforms/mpi/'
may platforms/verify "ref/|tlm/|rtl/verilated/|rtl/library/rtl_library\.h|platforms/(config|verify)/"
may platforms/report 'ref/|platforms/(config|sweep|report)/'
may platforms/inspect 'ref/|tlm/|platforms/(config|sweep|inspect)/'
may platforms/library 'ref/data/|platforms/(config|sweep|library)/'
may platforms/library/include 'none'
may platforms/python 'none'
may platforms/cli 'ref/|tlm/|rtl/verilated/|platforms/'

# SystemC, YAML and Verilated headers stay in the folders named here.
only() {
    local what=$1 pattern=$2 where=$3 hit
    while IFS= read -r hit; do
        [[ "$hit" =~ ^($where) ]] || complain "${hit%%:*}: includes $what, allowed in ($where)"
    done < <(grep -rnE "^\s*#include [<\"]($pattern)" --include='*.hpp' --include='*.cpp' ref tlm rtl platforms tests || true)
}
only SystemC 'systemc|tlm(\.h|_utils)' 'tlm/|platforms/|tests/'
only yaml-cpp 'yaml-cpp/' 'platforms/config/'
only SQLite 'sqlite3' 'platforms/sweep/'
only 'Verilated headers' 'V[a-z_]+[0-9]*\.h|verilated' 'rtl/(verilated|library)/|tests/unit/rtl/|tests/rtl/|tests/bench/rtl/|tests/(library|waves)/'
only MPI 'mpi\.h' 'platforms/mpi/'
while IFS= read -r hit; do
    complain "${hit%%:*}: a *_config.hpp includes SystemC"
done < <(grep -rnE '^\s*#include <(systemc|tlm)' --include='*_config.hpp' tlm || true)

# A test that no CMakeLists.txt names would rot unbuilt. A file counts as named where the CMakeLists.txt of its folder, or
# of one above, has its path from there.
named() {
    local file=$1 folder
    folder=$(dirname "$file")
    while [[ "$folder" == tests* ]]; do
        if [[ -f "$folder/CMakeLists.txt" ]] &&
            grep -qE "(^|[[:space:](])${file#"$folder"/}([[:space:])]|$)" "$folder/CMakeLists.txt"; then
            return 0
        fi
        folder=$(dirname "$folder")
    done
    return 1
}
while IFS= read -r file; do
    named "$file" || complain "$file: named by no CMakeLists.txt"
done < <(find tests -name '*.cpp')

if [[ $failures -gt 0 ]]; then
    echo "check-includes.sh: $failures breaches"
    exit 1
fi
echo "check-includes.sh: every include keeps to docs/architecture.md"
