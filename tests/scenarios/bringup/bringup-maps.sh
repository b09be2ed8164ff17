# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=4 --mem 4G --nodes 4 --emul
#
# what would break for a user: TDX on a machine with more memory than its BIOS made convertible

# shellcheck source=/dev/null
. /vm/bringup.sh

# on_machine OPTION... - bring-up on it
on_machine()
{
	new_machine version=2.0 "$@" && modprobe tdx_host && gets_ready
}

# adds_up - all RAM is TDX memory or counted as unusable
adds_up()
{
	echo "$(value tdx_memory_kb) + $(value unusable_memory_kb), $(ram_kb)"
	[ $(($(value tdx_memory_kb) + $(value unusable_memory_kb))) -eq \
		"$(ram_kb)" ]
}

# unusable WANT_MIB - give or take what is below 1 MiB
unusable()
{
	echo "$(value unusable_memory_kb) KiB"
	[ $(($(value unusable_memory_kb) / 1024)) -eq "$1" ]
}

# all_nodes - each has a TDMR
all_nodes()
{
	cat /sys/kernel/debug/tdx_host/tdmrs
	[ "$(sed -n 's/^tdmr.* //p' /sys/kernel/debug/tdx_host/tdmrs |
		sort -u | paste -s -d ' ' -)" = "0 1 2 3" ]
}

nodes=0
for n in /sys/devices/system/node/node[0-9]*; do
	[ ! -d "$n" ] || nodes=$((nodes + 1))
done
check_is "the machine has 4 nodes" 4 "$nodes"
check "bring-up on 4 nodes" on_machine
check "each has its TDMRs" all_nodes
check "what is not TDX memory is counted" adds_up
check_is "each package has its key" 4 "$(calls 31)"
check "shutdown" fresh_module

# A page, a piece and a GiB of RAM that firmware kept for itself, and empty
# slots between.
check "bring-up with holes between the CMRs" on_machine \
	cmrs=0x100000+0x3ff00000,0x0+0x0,0x40001000+0x1ffff000,0x62000000+0x1e000000,0x0+0x0,0x100000000+0x40000000
check "unusable_memory_kb says how much it costs" unusable $((32 + 1024))
check "nothing else is lost" adds_up
check "what lies outside is listed" dmesg_has \
	'RAM \[0x140000000-0x180000000\) is outside the CMRs'
check "pamt_kb is 1/256 of what the TDMRs cover, to 1%" \
	one_percent "$(value pamt_kb)" $(($(covered_kb) / 256))
check "nobody wrote to it" untouched
check "shutdown" fresh_module

# 24 small CMRs with a hole between each, in one GiB: more holes than a TDMR
# has reserved areas.
list=0x100000+0x7fff0000
at=$((0x100000000))
n=0
while [ $n -lt 24 ]; do
	list=$list,$(printf '0x%x' $at)+0x1000000
	at=$((at + 0x2000000))
	n=$((n + 1))
done
check "bring-up with 24 CMRs in a GiB" on_machine "cmrs=$list"
check "nothing is lost unseen" adds_up
note "$(value unusable_memory_kb) KiB unusable," \
	"$(value tdmr_count) TDMRs"
check "what was given up is listed" dmesg_has 'RAM \[.*given up: '
check "shutdown" fresh_module

check "no RAM in any CMR at all" not on_machine cmrs=0x1000000000+0x40000000
check "is explained" error_says "no System RAM" "convertible" "BIOS"

# All of it is free, and it is too small.
check "CMRs that hold no PAMT" not on_machine \
	cmrs=0x20000000+0x300000,0x40000000+0x400000
check "it is not memory that is short" error_says "no convertible memory" \
	"2 ranges" "4108 KiB" "free memory does not help"
check "a larger one does" on_machine cmrs=0x40000000+0x10000000
check "shutdown" fresh_module
sane
