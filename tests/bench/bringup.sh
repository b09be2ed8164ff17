# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # what it sources defines the rest
#
# bringup.sh ROUNDS - measure in the guest how long bring-up takes. Prints a
# line "bringup NANOSECONDS" for each round.
set -eu

# shellcheck source=/dev/null
. /vm/tdx.sh
# shellcheck source=/dev/null
. /vm/bringup.sh

# now - sets now to CLOCK_MONOTONIC in nanoseconds, without starting a process
now()
{
	{
		read -r _
		read -r _
		read -r _ _ now _
	} </proc/timer_list
}

modprobe tdx_host
# Only the first reads the metadata, so it is not counted.
round=-1
while [ "$round" -lt "$1" ]; do
	now
	begin=$now
	echo 1 >"$TDX/enable"
	now
	is_ready
	[ "$round" -lt 0 ] || echo "bringup $((now - begin))"
	fresh_module
	round=$((round + 1))
done
