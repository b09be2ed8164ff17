#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# makepkg reads the PKGBUILD and makes packages of it.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# as_nobody COMMAND... - makepkg refuses root; and pacman, which it asks what is
# installed, is not here
# shellcheck disable=SC2317 # check calls it
as_nobody()
{
	if [ "$(id -u)" = 0 ]; then
		set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	fi
	(cd "$tmp/out/arch" && env HOME="$tmp/out/arch" PACMAN=true "$@")
}

# holds PACKAGE PATH
holds()
{
	check "$1 holds $2" sh -c \
		"tar -t -f '$tmp/out/arch'/$1-*.pkg.tar.* '$2'"
}

need make git makepkg bsdtar fakeroot bash
version=$(scripts/version)
check "PKGBUILD is bash" bash -n packaging/arch/PKGBUILD
check "make arch" make --no-print-directory arch OUT="$tmp/out" || finish
chmod 755 "$tmp" "$tmp/out"
[ "$(id -u)" != 0 ] || chown -R 65534:65534 "$tmp/out/arch"
check "makepkg --printsrcinfo" as_nobody makepkg --printsrcinfo
check_said "it is of this version" "pkgver = $version"
check "makepkg" as_nobody makepkg --nodeps
holds tdx-host-dkms "usr/src/tdx_host-$version/dkms.conf"
holds tdx-host-dkms usr/lib/systemd/system/tdx-host.service
holds tdx-host-tools usr/bin/tdx-host
holds tdx-host-doc usr/share/doc/tdx-host/examples/td/main.c
finish
