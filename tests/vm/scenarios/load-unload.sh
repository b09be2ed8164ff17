# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # lib.sh and tdx.sh are sourced before
#
# load-unload - 1,000 times in and out leave nothing behind
#
# long
# vm: --timeout 900 --emul

# memory - what is in use, settled: slab objects of the caches that modules
# and we use, vmalloc areas, per-CPU memory, KiB
memory()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	usleep 500000
	awk '$1 == "SUnreclaim:" || $1 == "Percpu:" || $1 == "VmallocUsed:" {
		print $1, $2
	}' /proc/meminfo
}

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

# grown NAME LIMIT - KiB that it may have grown by
grown()
{
	_b=$(printf '%s\n' "$before" | sed -n "s/^$1: //p")
	_a=$(printf '%s\n' "$after" | sed -n "s/^$1: //p")
	echo "$1 $_b KiB, then $_a KiB"
	[ -n "$_b" ] && [ $((_a - _b)) -le "$2" ]
}

# The first cycles fill caches that stay filled.
check "50 cycles to settle" cycles 50
before=$(memory)
check "1,000 cycles" cycles 1000
after=$(memory)
# A leak of one object of 128 bytes, or one page of per-CPU or vmalloc memory,
# a cycle is well above these.
check "slab is back" grown SUnreclaim 100
check "vmalloc is back" grown VmallocUsed 100
check "per-CPU memory is back" grown Percpu 100
check_is "no SEAMCALL was made" 0 "$(counter seamcalls)"
sane
