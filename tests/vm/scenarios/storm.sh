# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # lib.sh and tdx.sh are sourced before
#
# storm - tdx_host_cpu_enable() from every CPU at once, while CPUs go off and on
# 200 times and the TDX module is busy now and then
#
# long
# vm: --smp 4,sockets=2 --emul

# used - KiB that the kernel has for itself, whatever for: what is neither free,
# kept free for a CPU, a cache nor anybody's pages
used()
{
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '/^Mem(Total|Free):/ || /^(Buffers|Cached|AnonPages|PageTables):/ ||
		/^(KReclaimable|KernelStack):/ { v[$1] = $2 }
		$1 == "count:" { kept += $2 * 4 }
		END { print v["MemTotal:"] - v["MemFree:"] - v["Buffers:"] \
			- v["Cached:"] - v["AnonPages:"] - v["PageTables:"] \
			- v["KReclaimable:"] - v["KernelStack:"] - kept }' \
		/proc/meminfo /proc/zoneinfo
}

# plug N - N CPUs, one after the other, go off and come back
plug()
{
	_i=0
	while [ $_i -lt "$1" ]; do
		_c=$((_i % 3 + 1))
		cpu $_c off && cpu $_c on || return 1
		_i=$((_i + 1))
	done
}

# era N - a TDX module that nobody has initialised, and N CPUs that come and go
# while all of them want it
era()
{
	new_machine inject=35:0x8000020200000000:3:2
	modprobe tdx_host && modprobe tdx_test || return 1
	echo "1000 2" >"$TEST/cpu_enable_storm" &
	plug "$1" || return 1
	wait
	paste -s -d ' ' "$TEST/cpu_enable_storm"
	[ "$(sed -n 's/^failed //p' "$TEST/cpu_enable_storm")" -eq 0 ] &&
	[ "$(value cpus_ready)" = 0-3 ] && [ "$(calls 33)" -eq 1 ] &&
	[ "$(counter intercept_missed)" -eq 0 ]
}

# Enough for everything that stays allocated once it was.
check "the first machine" era 20
check "the second machine" era 20
unload
before=$(used)
for n in 3 4 5 6 7 8 9 10 11 12; do
	check "20 times off and on, machine $n" era 20
done
unload
after=$(used)
check "nothing taints the kernel" not tainted_more
# A page or a slab object of that size, lost each time: 800 KiB.
check "no memory is lost ($before KiB, then $after KiB)" \
	test $((after - before)) -lt 600
