#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# The report page's sources: every module parses, and the lock file pins every package by hash and names no address.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

page=platforms/report/page
if grep -nE '"resolved"|"https?://' "$page/package-lock.json" | grep -vE '"(url|funding)":'; then
    echo "check-page.sh: package-lock.json names addresses: npm config set omit-lockfile-registry-resolved true" >&2
    exit 1
fi
node -e '
    const {packages} = require(process.argv[1]);
    const loose = Object.entries(packages).filter(([name, one]) => name !== "" && !one.integrity);
    if (loose.length > 0) throw new Error(`no hash: ${loose.map(([name]) => name)}`);
' "./$page/package-lock.json"
modules=0
for module in "$page"/*.mjs "$page"/src/*.js "$page"/src/*/*.js tests/report/*.mjs tests/bench/*/*.mjs; do
    node --check --input-type=module < "$module"
    modules=$((modules + 1))
done
echo "check-page.sh: $modules modules"
