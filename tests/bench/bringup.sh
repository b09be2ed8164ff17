# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # what it sources defines the rest
#
# bringup.sh ROUNDS - in the guest: how long asking for TDX takes. One line
# "bringup NANOSECONDS" a round.
set -eu

# shellcheck source=/dev/null
. /vm/tdx.sh
# shellcheck source=/dev/null
. /vm/bringup.sh

# now - CLOCK_MONOTONIC, nanoseconds, without a process
now()
{
	{
		read -r _
		read -r _
		read -r _ _ now _
	} </proc/timer_list
}

modprobe tdx_host
# The first one reads metadata that the others have.
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
