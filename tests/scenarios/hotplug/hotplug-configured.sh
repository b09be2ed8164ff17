# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: TDX memory that was taken offline does not come
# back, and a DIMM pulled from under the TDs goes unnoticed
#
# vm: --smp 2 --mem 768M,maxmem=4G,slots=8
# vm: --emul version=2.0 cmrs=0x100000+0x2fe00000,0x140000000+0x10000000,0x160000000+0x8000000
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

OUTSIDE=0x100000000
INSIDE=0x140000000
IDLE=0x160000000
EPERM='Operation not permitted'
EBUSY='Device or resource busy'
first=$MEMORY/memory$(blocks $INSIDE 128)/state
outside=$MEMORY/memory$(blocks $OUTSIDE 128)/state

busybox uevent env >/tmp/uevents &
uevent_pid=$!

there_and_back()	# N
{
	_i=0
	while [ $_i -lt "$1" ]; do
		sys_write "$first" offline && sys_write "$first" online_movable ||
			return 1
		_i=$((_i + 1))
	done
	echo "$_i times"
}

announced()	# VARIABLE
{
	grep -qx "$1" /tmp/uevents
}

initializing()
{
	[ "$(value state)" = initializing ]
}

modprobe tdx_host
check "a DIMM in a CMR is plugged" vm_hotplug mem inside 256M $INSIDE
check "another, that is never used" vm_hotplug mem idle 128M $IDLE
check "and one outside" vm_hotplug mem outside 256M $OUTSIDE
check_is "the one stays offline" "$EPERM" "$(sys_write "$first" online)"
check_is "so does the other" "$EPERM" "$(sys_write "$outside" online)"

# While bring-up runs nothing moves.
emul tdmr_init_ns 50000000
echo 1 >"$TDX/enable" &
enable_pid=$!
check "bring-up runs" within 20 initializing
check_is "initializing: online" "$EBUSY" "$(sys_write "$first" online)"
check_is "initializing: offline" "$EBUSY" \
	"$(sys_write $MEMORY/memory2/state offline)"
check "initializing: the log says why" \
	dmesg_has -l warn 'must not go online .*while TDX is being initialised .*, online\)'
emul tdmr_init_ns 0
check "enable" wait $enable_pid
check_is "state" ready "$(value state)"

check "now it is TDX memory, and comes online" \
	memory_to online_movable $INSIDE 256
check_is "the one outside is still refused" "$EPERM" \
	"$(sys_write "$outside" online)"
check "100 times offline and online" there_and_back 100
check_is "that is no removal" 0 "$(value memory_removed)"
check "it is online" memory_is online $INSIDE 256

dmesg_mark
check "the DIMM is pulled" vm_unplug inside
check "it is gone" within 60 memory_gone $INSIDE 256
check "the loud line" within 60 dmesg_has -l alert \
	"FIRMWARE BUG OR PHYSICAL ATTACK.*\(262144 KiB, \[0x140000000-0x150000000\)"
note "$(dmesg_text -l alert)"
check_is "once" 1 "$(dmesg_text -l alert | wc -l)"
check_is "memory_removed" 1 "$(value memory_removed)"
check "a uevent" within 20 announced \
	TDX_MEMORY_REMOVED=0x140000000-0x150000000

# Another DIMM in its place is not what TDX was given.
refused=$(value memory_refused)
dmesg_mark
check "a DIMM is plugged in its place" vm_hotplug mem again 256M $INSIDE
check_is "it stays offline" "$EPERM" "$(sys_write "$first" online)"
check "the log says why" dmesg_has -l warn \
	'was removed while TDX was up.* physical attack'
note "$(dmesg_has -l warn 'stays offline')"
check_is "memory_refused" $((refused + 1)) "$(value memory_refused)"
check "a uevent" within 20 announced \
	TDX_MEMORY_REFUSED=0x140000000-0x148000000

# What was offline all the time is missed all the same; what TDX has no use for
# is not.
dmesg_mark
check "the offline DIMM in a CMR is pulled" vm_unplug idle
check "it is gone" within 60 memory_gone $IDLE 128
check "the loud line" within 60 dmesg_has -l alert \
	"FIRMWARE BUG OR PHYSICAL ATTACK.*\(131072 KiB, \[0x160000000-0x168000000\)"
check_is "memory_removed" 2 "$(value memory_removed)"
dmesg_mark
check "the DIMM outside is pulled" vm_unplug outside
check "it is gone" within 60 memory_gone $OUTSIDE 256
check "so is the one that was refused" vm_unplug again
check "it is gone" within 60 memory_gone $INSIDE 256

# With a new layout the old one's losses are over.
check "disable" sh -c "echo 0 >$TDX/enable"
emul module fresh
check "the DIMM in a CMR is plugged again" vm_hotplug mem third 256M $INSIDE
check_is "detected: it stays offline" "$EPERM" "$(sys_write "$first" online)"
check "enable" sh -c "echo 1 >$TDX/enable"
check "it is TDX memory again" memory_to online_movable $INSIDE 256
check_is "the other two were no loss" 2 "$(value memory_removed)"
check "nor is there a loud line" dmesg_lacks -l alert 'tdx_host:'
sane

cleanup()
{
	kill $uevent_pid
}
