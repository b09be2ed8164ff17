# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: memory that virtio-mem adds slips into a TDX host
# past the rule, or is taken for a stolen DIMM when the driver takes it back
#
# vm: --smp 2 --mem 768M,maxmem=4G,slots=8
# vm: --virtio-mem inner=256M@0x140000000 --virtio-mem outer=256M@0x100000000
# vm: --emul version=2.0 cmrs=0x100000+0x2fe00000,0x140000000+0x10000000
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

OUTSIDE=0x100000000
INSIDE=0x140000000
INSIDE2=0x148000000
EPERM='Operation not permitted'

online()	# BASE - and movable, so that it can go again
{
	sys_write "$MEMORY/memory$(blocks "$1" 128)/state" online_movable
}

# plugged ID SIZE BASE - the device has grown, and the block is there, offline
plugged()
{
	check "$1 grows to $2" vm_resize "$1" "$2"
	check "the kernel has a block at $3" within 60 memory_is offline "$3" 128
}

modprobe tdx_host
modprobe virtio_pci
modprobe virtio_mem
dmesg_mark
plugged inner 128M $INSIDE
check_is "detected: it stays offline" "$EPERM" "$(online $INSIDE)"
check "the log says why" dmesg_has -l warn 'not known before TDX is initialised'

check "enable" sh -c "echo 1 >$TDX/enable"
check "the log knows that a driver manages it" dmesg_has \
	'131072 KiB of System RAM are managed by a driver'
check "ready: it was there, and comes online" online $INSIDE
dmesg_mark
plugged inner 256M $INSIDE2
check_is "ready, new in a CMR: it stays offline" "$EPERM" "$(online $INSIDE2)"
check "the log does not talk of attacks" dmesg_has -l warn \
	'stays offline.* a driver added .*0x148000000-0x150000000\)'
note "$(dmesg_has -l warn 'stays offline')"
dmesg_mark
plugged outer 128M $OUTSIDE
check_is "ready, new outside: it stays offline" "$EPERM" "$(online $OUTSIDE)"
check "the log says why" dmesg_has -l warn 'no TDX memory'
check_is "memory_refused" 3 "$(value memory_refused)"

dmesg_mark
check "the driver takes it all back" vm_resize inner 0M
check "the one that was online is gone" within 120 memory_gone $INSIDE 128
check "so is the other" within 120 memory_gone $INSIDE2 128
plugged inner 128M $INSIDE
check "it never left the machine, and comes online again" online $INSIDE
check "there is no loud line" dmesg_lacks -l alert 'tdx_host:'
check_is "memory_removed" 0 "$(value memory_removed)"
check "the driver takes it back once more" vm_resize inner 0M
check "it is gone" within 120 memory_gone $INSIDE 128
check "and that outside" vm_resize outer 0M
check "it is gone" within 120 memory_gone $OUTSIDE 128

start_over memory_hotplug=allow
check "enable" sh -c "echo 1 >$TDX/enable"
was=$(value unusable_memory_kb)
plugged outer 128M $OUTSIDE
check "memory_hotplug=allow, new outside: it comes online" online $OUTSIDE
check_is "unusable_memory_kb grows by its size" $((was + 131072)) \
	"$(value unusable_memory_kb)"
plugged inner 128M $INSIDE
check_is "memory_hotplug=allow, new in a CMR: it stays offline" "$EPERM" \
	"$(online $INSIDE)"
check_is "PAMTs are whole" "pages_corrupt 0" "$(cat "$EMUL/verify")"
sane
