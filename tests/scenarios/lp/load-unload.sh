# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# load-unload - 1,000 times in and out leave nothing behind
#
# very long
# vm: --timeout 900 --emul

# Waiting for grace periods is what takes most of the time of a cycle.
echo 1 >/sys/kernel/rcu_expedited
ko=$(modinfo -n tdx_host)

cycles()	# N
{
	_i=0
	while [ $_i -lt "$1" ]; do
		insmod "$ko" && rmmod tdx_host || return 1
		_i=$((_i + 1))
	done
}

# The first cycles fill caches that stay filled.
check "50 cycles to settle" cycles 50
before=$(kernel_memory)
check "1,000 cycles" cycles 1000
after=$(kernel_memory)
# One object of 192 bytes, or a page, lost each time is more than these.
while read -r kind limit; do
	check "nothing is lost: $kind" \
		no_more_memory "$kind" "$before" "$after" "$limit"
done <<END
kmalloc 150
vmalloc 100
percpu 50
pages 600
END
check_is "no SEAMCALL was made" 0 "$(counter seamcalls)"
sane
