# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # tests/lib/check.sh sets them
#
# dkms.sh - DKMS for real, on a machine that keeps nothing of it. To be sourced
# after tests/lib/check.sh.
#
# DKMS always writes below /var/lib/dkms (a signing key, even when told to use
# other trees), /usr/src and /lib/modules. In a mount namespace of its own it
# finds those empty but for the kernel's headers: what it does there is gone
# with the namespace, and what other modules are installed on this machine
# cannot be seen, built or removed.
#
# In a chroot and in many containers there are no such namespaces. There the
# machine's own trees serve, if DKMS has nothing in them that could be hurt.

# private_machine [--inside OUT] - run the caller's function inside on such a
# machine, as root or as who looks like root there, with OUT, a directory that
# stays; then go on after it, with $out
private_machine()
{
	kernel
	if [ "${1:-}" = --inside ]; then
		# Never go on with the machine's own trees by accident.
		set -e
		if [ "${2:-}" = --own-trees ]; then
			shift
			trap 'clean_trees; rm -rf "$tmp"' EXIT
		else
			private_trees
		fi
		set +e
		tar -x -C /usr/src -f "$2/tdx_host-$version.tar.gz"
		inside "$2"
		cp "$tmp/passed" "$2/"
		[ ! -s "$tmp/failed" ] || cp "$tmp/failed" "$2/"
		exit
	fi
	need dkms unshare modinfo depmod
	out=$tmp/out
	mkdir "$out"
	check "make dist" make --no-print-directory dist OUT="$out"
	set -- unshare --mount
	[ "$(id -u)" = 0 ] || set -- unshare --map-root-user --mount
	# One test at a time where they share the trees; gone with this shell.
	exec 8>>build/.dkms-trees.lock
	if "$@" true 2>"$tmp/unshare"; then
		set -- "$@" "$0" --inside
	elif [ "$(id -u)" = 0 ] && flock 8 && unused; then
		echo "# no mount namespace ($(cat "$tmp/unshare")): DKMS uses" \
			"the machine's own trees, and cleans up"
		set -- "$0" --inside --own-trees
	else
		fail "a mount namespace ($(cat "$tmp/unshare")), or root and a" \
			"machine on which DKMS has no module yet"
		finish
	fi
	if ! TMPDIR=$tmp "$@" "$out" || [ ! -s "$out/passed" ]; then
		fail "all of it ran"
	fi
	exec 8>&-
	[ ! -s "$out/failed" ] || cat "$out/failed" >>"$tmp/failed"
}

# unused - DKMS has nothing here that a test could hurt
unused()
{
	[ -z "$(dkms status)" ] && [ ! -e /var/lib/dkms/mok.key ] &&
	[ -z "$(ls -d /usr/src/tdx_host-* /usr/src/tdx_consumer-* \
		/lib/modules/*-owned 2>/dev/null)" ]
}

# clean_trees - as unused() found them
clean_trees()
{
	for _d in /var/lib/dkms/tdx_consumer/[0-9]* \
		  /var/lib/dkms/tdx_host/[0-9]*; do
		dkms remove "${_d#/var/lib/dkms/}" --all >/dev/null 2>&1 || :
	done
	rm -rf /usr/src/tdx_host-* /var/lib/dkms/tdx_host \
		/usr/src/tdx_consumer-* /var/lib/dkms/tdx_consumer \
		/var/lib/dkms/mok.key /var/lib/dkms/mok.pub \
		"/usr/src/linux-headers-$krel-owned" "/lib/modules/$krel-owned"
	depmod "$krel" 2>/dev/null || :
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

version=$(scripts/version)
