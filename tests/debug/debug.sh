# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034,SC2154 # check.sh and its users have these
#
# debug.sh - boot debugging kernels and run scenarios on them. To be sourced by
# the scripts of this directory, after tests/lib/check.sh.

# A long-term kernel, and the newest that the distribution has the source of.
DEBUG_KERNELS='6.12 7.3'

# A kernel that checks every access is five to ten times slower, and the machine
# may be busy with other work.
SECONDS_EACH=1500

# debug_kernel VERSION KIND - build the kernel, if that was not done before, and
# the modules for it. Sets image, for tests/vm/run --kernel; kdir, for building
# modules; krel, its release; and logs, the directory for consoles and logs.
debug_kernel()
{
	"$top/tests/debug/build" "$1" "$2" >"$tmp/kernel" || return
	{
		read -r image
		read -r kdir
	} <"$tmp/kernel"
	krel=$(cat "$kdir/include/config/kernel.release")
	logs=$top/build/$krel/debug
	mkdir -p "$logs"
	# Counters belong to one build: a commit must not make another one.
	case $2 in
	gcov)	set -- COVERAGE=1 VERSION=coverage ;;
	*)	set -- ;;
	esac
	make -s --no-print-directory -C "$top" modules KDIR="$kdir" "$@" \
		>"$logs/make" 2>&1 || {
		cat "$logs/make"
		return 1
	}
}

# boot NAME FILE OPTION... - run a file as a scenario, with the checks of
# after.sh at its end; its output and console go to $logs/NAME.log and .console
#
# Returns the status of tests/vm/run, or 1 if after.sh did not come to its end.
boot()
{
	_name=$1
	_file=$2
	shift 2
	"$top/tests/vm/run" --kernel "$image" --no-build "$@" \
		--timeout $SECONDS_EACH --log "$logs/$_name.console" \
		--after "$top/tests/debug/guest/after.sh" --scenario "$_file" \
		>"$logs/$_name.log" 2>&1 || return
	asked "$_name"
}

# asked NAME - after.sh came to its end
asked()
{
	grep -q '^# debugging kernel: asked' "$logs/$1.log"
}

# explain NAME - what its log says about the failure
explain()
{
	grep -vE '^(ok - |# gcov: )' "$logs/$1.log" | head -n 120 | because
	echo "(all of it: $logs/$1.log and .console)" | because
}
