#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The tarball stands alone: without git, what README.md tells people to type
# builds and installs, and every file that a document links to is there.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
version=$(scripts/version)
check "make dist" make --no-print-directory dist OUT="$tmp"
tar -x -C "$tmp" -f "$tmp/tdx_host-$version.tar.gz"
cd "$tmp/tdx_host-$version" || exit 2
# Whoever asks git here finds none, in this directory and above.
export GIT_DIR=/nonexistent
touch "$tmp/begin"

check "make" make --no-print-directory KVER="$krel"
check "make tools" make --no-print-directory tools
check "the tool runs" build/tools/tdx-host decode 33 0xc000090000000000
check "make install" make --no-print-directory install DESTDIR="$PWD/x"
sed "s,^$PWD/x,# ," "$tmp/said"
for file in usr/bin/tdx-host usr/share/man/man4/tdx_host.4 \
	    "usr/src/tdx_host-$version/dkms.conf"; do
	check "it installs $file" test -s "x/$file"
done
# As DKMS does it, where nothing but what was installed is near.
mkdir "$tmp/apart"
cp -R "x/usr/src/tdx_host-$version" "$tmp/apart/"
check "what was installed builds" make -C "$kdir" \
	M="$tmp/apart/tdx_host-$version" modules
check "make install with a directory that cannot be is refused" \
	sh -c '! make install DESTDIR=/dev/null/x'

find . -path ./build -prune -o -path ./x -prune -o -newer "$tmp/begin" -type f \
	-print | check_none "nothing is built beside the sources"
rm -rf x
for group in docs source reuse; do
	check "tests/static/$group.sh" "tests/static/$group.sh"
done
finish
