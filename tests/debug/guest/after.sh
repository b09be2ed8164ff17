# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# after.sh - ask a debugging kernel what it found. Sourced in the guest at the
# end of a scenario, after guest.sh and tdx.sh.
#
# Reports that the kernel prints by itself (KASAN, UBSAN, lockdep, KCSAN) are
# found on the console by tests/vm/run. Here are those that it has to be asked
# for.

# The scenario's own cleanup comes first, since it kills what it started.
if command -v cleanup >/dev/null; then
	cleanup
	cleanup()
	{
		:
	}
fi

# built_with OPTION - is the option in the kernel's configuration?
built_with()
{
	zcat /proc/config.gz | grep -qx "CONFIG_$1=y"
}

# unload_most - unload every module of this tree that can be unloaded now, in
# any order. An object that only the memory of such a module points to is a
# leak, and is only seen as one once that memory is gone.
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

# leaks - fails, and prints the objects, if kmemleak finds any
#
# It reports an object only if its content is the same in two scans in a row and
# it was 5 s old when the second began (mm/kmemleak.c: checksum, MSECS_MIN_AGE).
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

# reached - print how often each line of the modules was executed, for
# tests/coverage/run: an archive of what gcov reads, compressed, as text
#
# The kernel keeps it for a module that was unloaded, too. These files have no
# size until they are read.
reached()
{
	find /sys/kernel/debug/gcov -name '*.gcda' | grep '/stage/src/' |
	while read -r _f; do
		_to=/tmp/gcov/${_f##*/stage/}
		mkdir -p "${_to%/*}"
		cat "$_f" >"$_to" || return
	done
	[ ! -d /tmp/gcov ] || tar -c -z -C /tmp/gcov . | base64 |
		sed 's/^/# gcov: /'
}

unload_most
# Without it none of the checks below would be made.
check "the kernel tells what it was built with" test -e /proc/config.gz
if built_with DEBUG_KMEMLEAK; then
	check "kmemleak finds nothing" leaks
fi
if built_with PROVE_LOCKING; then
	# Lockdep stops at its first report, and when its tables are full.
	check "lockdep is still at work" \
		grep -qE '^ *debug_locks: +1$' /proc/lockdep_stats
fi
if built_with DEBUG_OBJECTS; then
	check "debugobjects is still at work" \
		sh -c '! dmesg | grep -q "ODEBUG: Out of memory"'
fi
if built_with GCOV_KERNEL; then
	reached
fi
echo "# debugging kernel: asked"
