#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's packages can be made of what is committed, hold what they should, and
# lintian finds nothing, down to what it calls pedantic.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/lintian.sh
. "$top/tests/packaging/lintian.sh"

# holds PACKAGE PATH
holds()
{
	check "tdx-host-$1 holds $2" grep -qx "./$2" "$tmp/$1.files"
}

need make git dpkg-buildpackage dh dh_dkms lintian
version=$(scripts/version)
check "make deb" make --no-print-directory deb OUT="$tmp/out" || finish
for package in dkms kvm-dkms tools doc; do
	check "tdx-host-$package is of this version" test -f \
		"$(echo "$tmp/out/deb/tdx-host-${package}_$version-0upstream1_"*.deb)"
	dpkg-deb -c "$tmp/out/deb/tdx-host-${package}_"*.deb |
		awk '{ print $6 }' >"$tmp/$package.files"
done
holds dkms "usr/src/tdx_host-$version/dkms.conf"
holds dkms "usr/src/tdx_host-$version/scripts/dkms-rebuild"
holds dkms "usr/share/man/man4/tdx_host.4.gz"
holds kvm-dkms "usr/src/tdx-host-kvm-$version/dkms.conf"
holds kvm-dkms "usr/src/tdx-host-kvm-$version/build"
holds kvm-dkms "usr/src/tdx-host-kvm-$version/include/tdx_host/keyid.h"
check "tdx-host-kvm-dkms waits for sources and headers" sh -c \
	"dpkg-deb --ctrl-tarfile '$tmp'/out/deb/tdx-host-kvm-dkms_*.deb |
	 tar -x -O ./triggers | grep '^interest-noawait /usr/src\$'"
check "tdx-host-dkms holds the unit" \
	grep -qE '^\./(usr/)?lib/systemd/system/tdx-host\.service$' \
	"$tmp/dkms.files"
holds tools usr/bin/tdx-host
holds tools usr/share/man/man1/tdx-host.1.gz
git ls-files examples | sed 's,^,./usr/share/doc/tdx-host-doc/,' |
	grep -vxF -f "$tmp/doc.files" |
	check_none "tdx-host-doc holds all of the examples"
sort "$tmp"/*.files | grep -v '/$' | uniq -d |
	check_none "no file is in two packages"
sh -c "$LINTIAN \"\$@\"" sh "$tmp"/out/deb/*.changes 2>&1 |
	check_none "lintian finds nothing"
finish
