# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # scripts/checks/lib.sh sets them
#
# lib.sh - DKMS for real, on a machine that keeps nothing of it. To be sourced
# after scripts/checks/lib.sh.
#
# DKMS always writes below /var/lib/dkms (a signing key, even when told to use
# other trees), /usr/src and /lib/modules. In a mount namespace of its own it
# finds those empty but for the kernel's headers: what it does there is gone
# with the namespace, and what other modules are installed on this machine
# cannot be seen, built or removed.

# private_machine [--inside OUT] - run the caller's function inside in such a
# namespace, as root or as who looks like root there, with OUT, a directory
# that stays; then go on after it, with $out
private_machine()
{
	kernel
	if [ "${1:-}" = --inside ]; then
		# Never go on with the machine's own trees.
		set -e
		private_trees
		set +e
		tar -x -C /usr/src -f "build/tdx_host-$version.tar.gz"
		inside "$2"
		cp "$tmp/passed" "$2/"
		[ ! -s "$tmp/failed" ] || cp "$tmp/failed" "$2/"
		exit
	fi
	need dkms unshare modinfo depmod
	out=$tmp/out
	mkdir "$out"
	check "make dist" make --no-print-directory dist
	_root=
	[ "$(id -u)" = 0 ] || _root=--map-root-user
	# shellcheck disable=SC2086 # one word or none
	if ! TMPDIR=$tmp unshare $_root --mount "$0" --inside "$out" ||
	   [ ! -s "$out/passed" ]; then
		fail "all of it ran, in a mount namespace of its own"
	fi
	[ ! -s "$out/failed" ] || cat "$out/failed" >>"$tmp/failed"
}

# private_trees - what DKMS reads and writes
private_trees()
{
	_src=$tmp/usr-src
	mkdir "$_src" "$tmp/links"
	mount -t tmpfs tmpfs "$_src"
	# Headers are seen where they are, but cannot be written to.
	for _d in /usr/src/linux-*; do
		if [ -d "$_d" ] && [ ! -L "$_d" ]; then
			mkdir "$_src/${_d##*/}"
			mount --bind "$_d" "$_src/${_d##*/}"
			mount -o remount,bind,ro "$_src/${_d##*/}"
		fi
	done
	mount --move "$_src" /usr/src

	_modules=$(readlink -f /lib/modules)
	for _l in build source; do
		[ ! -e "$_modules/$krel/$_l" ] ||
			readlink -f "$_modules/$krel/$_l" >"$tmp/links/$_l"
	done
	mount -t tmpfs tmpfs "$_modules"
	mkdir "$_modules/$krel"
	for _l in build source; do
		[ ! -s "$tmp/links/$_l" ] ||
			ln -s "$(cat "$tmp/links/$_l")" "$_modules/$krel/$_l"
	done
	mount -t tmpfs tmpfs /var/lib/dkms
	depmod "$krel" 2>/dev/null || :
}

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
