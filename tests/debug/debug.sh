# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # see below
#
# debug.sh - boot debugging kernels and run scenarios on them. To be sourced by
# the scripts of this directory, after `prog`, `here` and `top` are set.

# shellcheck source=SCRIPTDIR/../lib/base.sh
. "$top/tests/lib/base.sh"

# A long-term kernel and the newest one that the distribution has sources of.
DEBUG_KERNELS='6.12 7.3'

# A kernel that checks every access is five to ten times as slow, and the
# machine may have other work.
SECONDS_EACH=1500

passed=0
failed=0
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
tmp=$(mktemp -d "${TMPDIR:-/tmp}/tdx-debug.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

pass()
{
	passed=$((passed + 1))
	echo "ok - $*"
}

fail()
{
	failed=$((failed + 1))
	echo "not ok - $*"
}

# finish - the last line, and the status that goes with it
finish()
{
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ] && [ $passed -gt 0 ]
	exit
}

# kernel VERSION KIND - build it or find it, and the modules for it: $image is
# what tests/vm/run takes, $kdir what modules are built against, $krel its
# release, $logs where the consoles go
kernel()
{
	"$here/build" "$1" "$2" >"$tmp/kernel" || return
	{
		read -r image
		read -r kdir
	} <"$tmp/kernel"
	krel=$(cat "$kdir/include/config/kernel.release")
	logs=$top/build/$krel/debug
	mkdir -p "$logs"
	make -s --no-print-directory -C "$top" modules KDIR="$kdir" \
		>"$logs/make" 2>&1 || {
		cat "$logs/make"
		return 1
	}
}

# boot NAME FILE OPTION... - run a file as a scenario, with the questions of
# after.sh at its end; its output and console go to $logs/NAME.log and .console
#
# Return: the status of tests/vm/run, or 1 when the questions were not asked
boot()
{
	_name=$1
	_file=$2
	shift 2
	"$top/tests/vm/run" --kernel "$image" --no-build "$@" \
		--timeout $SECONDS_EACH --log "$logs/$_name.console" \
		--after "$here/guest/after.sh" --scenario "$_file" \
		>"$logs/$_name.log" 2>&1 || return
	asked "$_name"
}

# asked NAME - its end was reached
asked()
{
	grep -q '^# debugging kernel: asked' "$logs/$1.log"
}

# because NAME - why it failed
because()
{
	grep -v '^ok - ' "$logs/$1.log" | head -n 120 | sed 's/^/# /'
	echo "# (all of it: $logs/$1.log and .console)"
}
