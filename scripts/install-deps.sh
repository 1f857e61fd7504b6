#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs everything wagesim needs, from Debian 12 packages alone. Idempotent: does nothing where all is there.
#   scripts/install-deps.sh           to build, run and test
#   scripts/install-deps.sh --build   without what only tests need
#   scripts/install-deps.sh --dev     also formatting, static analysis, the fresh-root check and iCE40 synthesis
set -euo pipefail

packages=(
    ca-certificates
    cmake
    dataset-fashion-mnist # 60,000 + 10,000 images, the default data set
    g++
    libbenchmark-dev
    libcli11-dev
    libdnnl-dev # oneDNN
    libfmt-dev
    libgmock-dev
    libgtest-dev
    libhwy-dev # dispatch of byte kernels over instruction sets
    libjpeg62-turbo-dev
    liblzma-dev
    libmatio-dev # tests alone: writes the MATLAB files that they read
    libmuparser-dev # constraints of sweeps
    libopenmpi-dev
    libpagmo-dev # optimisers of sweeps
    libpng-dev
    libsqlite3-dev # databases of sweeps
    libssl-dev     # SHA-256
    libsystemc-dev
    libyaml-cpp-dev
    libzip-dev # reads npz
    ninja-build
    nlohmann-json3-dev
    nodejs # with npm: bundles the report page
    npm
    ocl-icd-opencl-dev # oneDNN's CMake package insists on it
    openmpi-bin # mpirun
    pkg-config
    pybind11-dev # the Python module
    python3-dev
    python3-numpy
    python3-pandas # its tables
    verilator
    xz-utils
    zlib1g-dev
)
tests=(
    chromium # opens the report page
    munge    # with the three below: a cluster on loopback, for sweep slurm
    python3-ipykernel # with the two below: executes the notebook
    python3-matplotlib
    python3-nbclient
    qemu-user # older processors, for loops that are chosen by the processor
    slurm-client
    slurmctld
    slurmd
    yosys    # counts the gates of the RTL, mutates it, proves its leaves
    z3       # proves them, too
)
case "${1:-}" in
    "") packages+=("${tests[@]}") ;;
    --build) ;;
    --dev) packages+=("${tests[@]}" clang-format clang-tidy debootstrap fpga-icestorm nextpnr-ice40) ;;
    *)
        echo "install-deps.sh: got '$1', allowed nothing, --build or --dev" >&2
        exit 2
        ;;
esac

# What an installed package provides counts as well: a newer nodejs may bring npm with it.
provided=$(dpkg-query -W -f='${db:Status-Status} ${Provides}\n' | sed -n 's/^installed //p' | tr ',' '\n' | awk '{ print $1 }')

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ "$status" == installed ]] || grep -qxF "$package" <<<"$provided" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
    echo "install-deps.sh: all ${#packages[@]} packages are installed"
    exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "install-deps.sh: missing ${missing[*]}; installing needs root or sudo" >&2
        exit 1
    fi
    as_root=(sudo)
fi

echo "install-deps.sh: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
