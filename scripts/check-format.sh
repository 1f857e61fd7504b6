#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Are all C++ files as .clang-format wants them? `--fix` makes them so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

listed=$(git ls-files '*.hpp' '*.cpp')
mapfile -t files <<<"$listed"
if [[ ${#files[@]} -lt 2 ]]; then
    echo "check-format.sh: git lists no C++ files here" >&2
    exit 1
fi
if [[ "${1:-}" == --fix ]]; then
    clang-format -i "${files[@]}"
else
    clang-format --dry-run --Werror "${files[@]}"
fi
echo "check-format.sh: ${#files[@]} files"
