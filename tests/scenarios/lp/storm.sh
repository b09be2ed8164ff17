# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# storm - tdx_host_cpu_enable() from every CPU at once, while CPUs go off and on
# 200 times and the TDX module is busy now and then
#
# long
# vm: --smp 4,sockets=2 --emul

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

# result NAME - a number that the storm left
result()
{
	sed -n "s/^$1 //p" "$TEST/cpu_enable_storm"
}

# all_enabled - no call failed. With interrupts off nobody waits for longer than
# 2 ms, though, and where the host of this VM does not let a CPU run for that
# long while it holds the TDX module's lock, another may give up; that is two
# fewer than would fail if nobody tried again.
all_enabled()
{
	[ "$(result failed)" -eq 0 ] || {
		[ "$(result first_error)" -eq -11 ] &&
		[ "$(result longest_us)" -gt 2000 ] &&
		[ "$(result failed)" -eq 1 ]
	}
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
	all_enabled && [ "$(value cpus_ready)" = 0-3 ] && [ "$(calls 33)" -eq 1 ]
}

# Enough for everything that stays allocated once it was.
check "the first machine" era 20
check "the second machine" era 20
unload
before=$(kernel_memory)
for n in 3 4 5 6 7 8 9 10 11 12; do
	check "20 times off and on, machine $n" era 20
done
unload
after=$(kernel_memory)
check "nothing taints the kernel" not tainted_more
# An object of 1 KiB, or a page, lost each of the 200 times is more than these.
while read -r kind limit; do
	check "nothing is lost: $kind" \
		no_more_memory "$kind" "$before" "$after" "$limit"
done <<END
kmalloc 150
vmalloc 100
percpu 50
pages 600
END
