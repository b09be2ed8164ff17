# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: memory that the BIOS set apart (HBM, CXL) and
# that daxctl makes RAM of slips into a TDX host past the rule, or is taken for
# a stolen DIMM when it becomes a dax device again
#
# The BIOS sets memory apart by a type that memmap= can give, too.
#
# vm: --smp 2 --mem 1280M
# vm: --append 'memmap=128M%0x18000000-1+0xefffffff'
# vm: --append 'memmap=128M%0x28000000-1+0xefffffff'
# vm: --append 'memmap=128M%0x38000000-1+0xefffffff'
# vm: --emul version=2.0 cmrs=0x100000+0x37f00000,0x40000000+0xfe00000
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

INSIDE=0x18000000
INSIDE2=0x28000000
OUTSIDE=0x38000000
EPERM='Operation not permitted'
DAX=/sys/bus/dax

online()	# BASE - and movable, so that it can go again
{
	sys_write "$MEMORY/memory$(blocks "$1" 128)/state" online_movable
}

# device BASE - the dax device there
device()
{
	for _d in "$DAX"/devices/*; do
		[ $(($(cat "$_d/resource"))) -ne $(($1)) ] || echo "${_d##*/}"
	done
}

# to_ram BASE - as "daxctl reconfigure-device --mode=system-ram" does it.
# Before 6.3 the driver has to be told which devices are its own.
to_ram()
{
	_dev=$(device "$1")
	sys_write "$DAX/drivers/kmem/bind" "$_dev" ||
		sys_write "$DAX/drivers/kmem/new_id" "$_dev"
	[ -e "$DAX/drivers/kmem/$_dev" ]
}

# to_dax BASE - and back, once it is offline
to_dax()
{
	memory_is offline "$1" 128 || memory_to offline "$1" 128 || return 1
	sys_write "$DAX/drivers/kmem/unbind" "$(device "$1")" || return 1
	memory_gone "$1" 128
}

becomes_ram()	# BASE
{
	check "the driver makes RAM of the device at $1" to_ram "$1"
	check "the kernel has a block there, offline" memory_is offline "$1" 128
}

# Who takes which device is said here, whatever the kernel does by itself.
echo 0 >$DAX/drivers_autoprobe
modprobe dax_hmem
modprobe kmem
check_is "there are three dax devices" 3 \
	"$(for b in $INSIDE $INSIDE2 $OUTSIDE; do device "$b"; done | wc -l)" ||
	exit

becomes_ram $INSIDE
modprobe tdx_host
check "detected: what was there before comes online" online $INSIDE
dmesg_mark
becomes_ram $INSIDE2
check_is "detected, new: it stays offline" "$EPERM" "$(online $INSIDE2)"
check "the log says why" dmesg_has -l warn 'not known before TDX is initialised'
check "it becomes a dax device again" to_dax $INSIDE2

check "enable" sh -c "echo 1 >$TDX/enable"
check "the log knows that a driver manages it" dmesg_has \
	'131072 KiB of System RAM are managed by a driver'
check "ready: what was there goes offline" memory_to offline $INSIDE 128
check "and comes back" online $INSIDE
dmesg_mark
becomes_ram $INSIDE2
check_is "ready, new in a CMR: it stays offline" "$EPERM" "$(online $INSIDE2)"
check "the log does not talk of attacks" dmesg_has -l warn \
	'stays offline.* a driver added .*0x28000000-0x30000000\)'
note "$(dmesg_has -l warn 'stays offline')"
dmesg_mark
# Debian's kernels from 6.12 on do not wait to be asked.
echo online_movable >$MEMORY/auto_online_blocks
becomes_ram $OUTSIDE
echo offline >$MEMORY/auto_online_blocks
check "ready, new outside: the kernel's own try is refused" dmesg_has -l warn \
	'stays offline.* no TDX memory .*0x38000000-0x40000000\)'
check_is "and so is ours" "$EPERM" "$(online $OUTSIDE)"
check_is "memory_refused" 4 "$(value memory_refused)"

dmesg_mark
for b in $INSIDE $INSIDE2 $OUTSIDE; do
	check "at $b it becomes a dax device again" to_dax "$b"
done
becomes_ram $INSIDE
check "it never left the machine, and comes online again" online $INSIDE
check "there is no loud line" dmesg_lacks -l alert 'tdx_host:'
check_is "memory_removed" 0 "$(value memory_removed)"
check_is "PAMTs are whole" "pages_corrupt 0" "$(cat "$EMUL/verify")"
check "it becomes a dax device again" to_dax $INSIDE

start_over memory_hotplug=allow
check "enable" sh -c "echo 1 >$TDX/enable"
was=$(value unusable_memory_kb)
becomes_ram $OUTSIDE
check "memory_hotplug=allow, new outside: it comes online" online $OUTSIDE
check_is "unusable_memory_kb grows by its size" $((was + 131072)) \
	"$(value unusable_memory_kb)"
check "it becomes a dax device again" to_dax $OUTSIDE
check_is "unusable_memory_kb shrinks again" "$was" "$(value unusable_memory_kb)"
becomes_ram $INSIDE
check_is "memory_hotplug=allow, new in a CMR: it stays offline" "$EPERM" \
	"$(online $INSIDE)"
sane
