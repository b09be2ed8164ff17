#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/kernels/quick.sh [KERNEL...]
#
# For kernels of tests/kernels/list (without arguments, all but the
# distribution's own): all modules are built without a warning, tdx_host loads
# and brings TDX up. `make check-kernels` runs every scenario on them.
#
# Kernels and compilers come from Debian's archives. If these cannot be reached,
# that says nothing about this tree: the check is skipped, and says so.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/root.sh
. "$top/tests/kernels/root.sh"

# Seconds after the start: when to give up downloading, and when to begin no
# other kernel. The other groups need the machine, too.
enough_fetched=900
enough=1500
# Seconds between attempts to download a kernel. Once all of these have failed
# for one, only one attempt is made for each of the others.
pauses='15 60 0'

# others - the kernels that the other groups of checks do not use
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

# fetched KERNEL - download what is needed, if it is not in the cache. An
# archive may just be changing: before another attempt its lists are read again.
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
