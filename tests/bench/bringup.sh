# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # what it sources defines the rest
#
# bringup.sh ROUNDS - measure in the guest how long bring-up takes. Prints a
# line "bringup NANOSECONDS" for each round; and of one more, in which SEAMCALLs
# are traced, "calls N" and "traced NANOSECONDS OUTSIDE", the latter without the
# time that the CPU which made most of them was in SEAMCALL.
set -eu

# shellcheck source=/dev/null
. /vm/tdx.sh
# shellcheck source=/dev/null
. /vm/bringup.sh
EVENT=/sys/kernel/tracing/events/tdx_host/seamcall_exit

# now - sets now to CLOCK_MONOTONIC in nanoseconds, without starting a process
now()
{
	{
		read -r _
		read -r _
		read -r _ _ now _
	} </proc/timer_list
}

# bring_up - sets took
bring_up()
{
	now
	_begin=$now
	echo 1 >"$TDX/enable"
	now
	took=$((now - _begin))
	is_ready
}

modprobe tdx_host
# Only the first reads the metadata, so it is not counted.
round=-1
while [ "$round" -lt "$1" ]; do
	bring_up
	[ "$round" -lt 0 ] || echo "bringup $took"
	fresh_module
	round=$((round + 1))
done

echo 1 >$EVENT/enable
bring_up
echo 0 >$EVENT/enable
awk -v took="$took" '/seamcall_exit: / {
		for (i = 1; i <= NF; i++) {
			if ($i ~ /^cpu=/)
				cpu = $i
			if ($i ~ /^ns=/)
				ns = substr($i, 4)
		}
		inside[cpu] += ns
		calls++
	}
	END {
		for (cpu in inside)
			if (inside[cpu] > most)
				most = inside[cpu]
		print "calls", calls
		print "traced", took, took - most
	}' /sys/kernel/tracing/trace
