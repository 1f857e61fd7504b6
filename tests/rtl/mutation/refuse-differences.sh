#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Does prove-equivalent.sh refuse what is not equivalent? In three modules that have surroundings, the first mutant that
# inverts what leaves a flip-flop: no circuit is the same then, and no way of proving may say so.
#   refuse-differences.sh MUTANTS_FOLDER
# Exit status 1 where one is called equivalent.
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "refuse-differences.sh: got $# arguments, allowed MUTANTS_FOLDER" >&2
    exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=10
for module in registers settings max_tree; do
    mutant=$(grep -m1 -E -- "-mode inv -module quantize_update_$module .*-port Q " "$1/mutants.txt")
    if verdict=$("$here/prove-equivalent.sh" "$1/design.il" "$mutant" "$seconds"); then
        echo "$mutant: $verdict; allowed not proven" >&2
        exit 1
    fi
    echo "$module: $verdict"
done
