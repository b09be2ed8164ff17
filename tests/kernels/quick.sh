#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/kernels/quick.sh [KERNEL...]
#
# Kernels of tests/kernels/list, without names all but the distribution's
# own: all modules are built for each without a warning, tdx_host loads and
# brings TDX up. `make check-kernels` runs every scenario there.
#
# Kernels and compilers come from Debian's archives. Where these cannot be had,
# which says nothing about this tree, a check is skipped and says so.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# Seconds from the beginning on: nothing is downloaded after the first, and no
# kernel begun after the second. Other groups wait for the machine, too.
enough_fetched=900
enough=1500
# Pauses after downloads that failed; where one never succeeded, the next one
# is not asked for as often.
pauses='15 60 0'

# others - the kernels that no other group of checks uses
others()
{
	tests/kernels/run --list | while read -r _name _ _pattern _; do
		# shellcheck disable=SC2254 # a pattern it is
		case $krel in
		$_pattern-amd64)	;;
		*)			echo "$_name" ;;
		esac
	done
}

now()
{
	read -r _up _ </proc/uptime
	echo "${_up%.*}"
}

# fetched KERNEL - what is needed of the archives is in the cache. An archive
# may be in the midst of an update: its lists are read anew before another try.
fetched()
{
	_update=
	for _wait in $pauses; do
		_left=$((begin + enough_fetched - $(now)))
		[ "$_left" -gt 0 ] || return 1
		# shellcheck disable=SC2086 # one word or none
		timeout -k 5 "$_left" tests/kernels/run --fetch $_update \
			--results "$results" "$1" && return
		_update=--update
		sleep "$_wait"
	done
	pauses=0
	return 1
}

# may_mount - building takes a mount namespace and chroot, see in_root()
may_mount()
{
	if [ "$(id -u)" = 0 ]; then
		set -- -m
	else
		set -- -rm
	fi
	mkdir "$tmp/mount"
	unshare "$@" mount --bind "$tmp/mount" "$tmp/mount"
}

skip()
{
	pass "$1 # SKIP $2"
}

kernel
need flock unshare chroot
mounts=yes
may_mount || mounts=no
begin=$(now)
# shellcheck disable=SC2046 # names
[ $# -gt 0 ] || set -- $(others)
for name in "$@"; do
	what="linux $name: all modules build, TDX comes up"
	results=$top/build/check/kernels/$name
	if [ $mounts = no ]; then
		skip "$what" "nothing can be mounted here: is this a container?"
	elif [ $(($(now) - begin)) -gt $enough ]; then
		skip "$what" "the machine is too slow for one more kernel"
	elif ! fetched "$name"; then
		skip "$what" "Debian's archives do not have it, or not for us"
	elif check "$what" tests/kernels/run --quick \
	     --results "$results" "$name"; then
		sed 's/^/# /' "$results/table"
	fi
done
finish
