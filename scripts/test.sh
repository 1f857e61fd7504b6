#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# From nothing to the test results: installs what is missing, builds the release preset, runs every test.
# Tests on MNIST and CIFAR-10 run where WAGESIM_DATA names a folder with mnist/ and cifar10/ in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install-deps.sh
cmake --preset release
cmake --build --preset release
ctest --preset release -j "$((2 * $(nproc)))" "$@" # some tests only wait
