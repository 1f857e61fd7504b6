#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Strong and weak scaling of a training step on this machine, a row for each number of ranks. Judges nothing.
#   tests/bench/scaling/scaling.sh [lenet|vgg8 [BATCH [STEPS [RANKS...]]]]
# Options for mpirun go in MPIRUN_OPTIONS; without any, ranks may outnumber cores and are not bound.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

network=${1:-lenet}
batch=${2:-128}
steps=${3:-30}
ranks=("${@:4}")
[[ ${#ranks[@]} -gt 0 ]] || ranks=(1 2 4)
read -ra options <<<"${MPIRUN_OPTIONS:---oversubscribe --bind-to none}"
[[ $(id -u) -ne 0 ]] || options+=(--allow-run-as-root)
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

rows() { # <batch of N ranks, as an expression in n>
    local n
    printf '%6s %8s %6s %10s %10s %14s %14s\n' ranks threads batch 'ms a step' images/s 'communication' 'bytes a step'
    for n in "${ranks[@]}"; do
        mpirun -q "${options[@]}" -n "$n" build/release/bench/scaling_step "$network" $(($1)) "$steps"
    done
}

echo "$network on $(nproc) cores: threads of a rank, communication in percent of a step (waiting for others included)"
echo "strong scaling: batch $batch shared by all ranks"
rows "$batch"
echo "weak scaling: batch $batch for each rank"
rows "$batch * n"
