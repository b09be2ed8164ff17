#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# RPMs can be made of what is committed, in DKMS style and for one kernel, and
# rpmlint finds nothing but what packaging/rpm/tdx-host.rpmlintrc names.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# holds PACKAGE PATH
holds()
{
	check "$1 holds $2" sh -c \
		"rpm -qpl '$tmp/out/rpm/RPMS'/*/$1-[0-9]*.rpm | grep -x '$2'"
}

need make git rpm rpmbuild rpmlint
kernel
export HOME="$tmp"
version=$(scripts/version)
check "make rpm" make --no-print-directory rpm OUT="$tmp/out" || finish
holds tdx-host-dkms "/usr/src/tdx_host-$version/dkms.conf"
holds tdx-host-common /usr/lib/systemd/system/tdx-host.service
holds tdx-host-tools /usr/bin/tdx-host
holds tdx-host-doc /usr/share/doc/tdx-host-doc/examples/td/main.c
# That the modules build, other groups see.
check "in kmod style it can be made for a kernel" packaging/rpm/build \
	"$tmp/out/tdx_host-$version.tar.gz" "$tmp/out/rpm" tdx-host-kmod \
	-D "kver $krel" -D "kdir $kdir"
holds kmod-tdx-host "/usr/lib/modules/$krel/extra/tdx_host/tdx_host.ko"
# Of two sources at once it says that they were one with two specs.
for files in "$tmp/out/rpm/RPMS" packaging/rpm/*.spec \
	     "$tmp"/out/rpm/SRPMS/*.rpm; do
	rpmlint -r packaging/rpm/tdx-host.rpmlintrc "$files"
done >"$tmp/rpmlint" 2>&1
check_is "rpmlint read packages, sources and specs" 5 \
	"$(grep -c ' checked; ' "$tmp/rpmlint")"
# Each of them has seen a part.
grep -E ': [EW]: ' "$tmp/rpmlint" | grep -v unused-rpmlintrc-filter |
	check_none "and found nothing"
finish
