#!/usr/bin/env bash
# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Proves that a fresh Debian 12 with nothing but git and bash suffices: debootstraps one into a folder, clones this
# repository's HEAD into it, and runs the given script of ours inside. Needs root, debootstrap and Debian's packages.
#   scripts/check-fresh-root.sh ROOT_FOLDER [demo.sh|test.sh]
set -euo pipefail
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${1:?usage: check-fresh-root.sh ROOT_FOLDER [demo.sh|test.sh]}
script=${2:-demo.sh}

if [[ ! -e "$root/etc/debian_version" ]]; then
    debootstrap --variant=minbase --include=git,ca-certificates bookworm "$root"
fi
# The host's own way to Debian's packages: sources, keys, proxies, certificates.
rm -f "$root/etc/apt/sources.list"
cp -a /etc/apt/. "$root/etc/apt/"
cp -a /etc/ssl/certs/. "$root/etc/ssl/certs/" 2>/dev/null || true
cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true

mounted=()
cleanup() { for point in "${mounted[@]}"; do umount -l "$point" || true; done; }
trap cleanup EXIT
for point in proc sys dev; do
    mount --rbind "/$point" "$root/$point"
    mount --make-rslave "$root/$point" # so that unmounting it leaves the host's own mounts alone
    mounted+=("$root/$point")
done

rm -rf "$root/opt/wagesim"
git clone -q "$source_tree" "$root/opt/wagesim"
begin=$(date +%s)
chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8 \
    bash -c "cd /opt/wagesim && scripts/$script"
echo "check-fresh-root.sh: scripts/$script took $(($(date +%s) - begin)) s from a fresh root"
