# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# after.sh - what a debugging kernel has to say when a scenario is over.
# Sourced at the end of it, in the guest, with what guest.sh and tdx.sh define.
#
# Reports that are printed when a thing happens (KASAN, UBSAN, lockdep, KCSAN)
# are found on the console by tests/vm/run. What must be asked for, is here.

# The scenario's own end comes first: it kills what it started.
if command -v cleanup >/dev/null; then
	cleanup
	cleanup()
	{
		:
	}
fi

# built_with OPTION
built_with()
{
	zcat /proc/config.gz | grep -qx "CONFIG_$1=y"
}

# unload_most - every module of ours that can be unloaded now, in any order.
# What only a module's memory still points to is a leak when that is gone.
unload_most()
{
	for _round in 1 2 3; do
		for _m in /sys/module/tdx_*; do
			[ ! -e "$_m/refcnt" ] || rmmod "${_m##*/}" 2>/dev/null
		done
	done
}

# seconds_up - since the kernel started
seconds_up()
{
	cut -d . -f 1 /proc/uptime
}

# leaks - what kmemleak takes for lost
#
# An object is only reported when two scans in a row found it the same, and it
# was 5 s old when the second began (mm/kmemleak.c: checksum, MSECS_MIN_AGE).
leaks()
{
	_since=$(seconds_up)
	shrink_slabs
	echo scan >/sys/kernel/debug/kmemleak || return
	while [ $(($(seconds_up) - _since)) -lt 7 ]; do
		sleep 0.5
	done
	echo scan >/sys/kernel/debug/kmemleak || return
	cat /sys/kernel/debug/kmemleak >/tmp/leaks || return
	head -n 60 /tmp/leaks
	[ ! -s /tmp/leaks ]
}

unload_most
# Without it nothing below would be asked.
check "the kernel tells what it was built with" test -e /proc/config.gz
if built_with DEBUG_KMEMLEAK; then
	check "kmemleak finds nothing" leaks
fi
if built_with PROVE_LOCKING; then
	# It stops at its first report, and when its tables are full.
	check "lockdep is still at work" \
		grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats
fi
if built_with DEBUG_OBJECTS; then
	check "debugobjects is still at work" \
		sh -c '! dmesg | grep -q "ODEBUG: Out of memory"'
fi
echo "# debugging kernel: asked"
