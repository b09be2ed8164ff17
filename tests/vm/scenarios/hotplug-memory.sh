# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # lib.sh and tdx.sh are sourced before
#
# what would break for a user: a DIMM added to a running server is refused
# where nobody asked for TDX, or slips into a TDX host where it must not
#
# vm: --smp 2 --mem 768M,maxmem=4G,slots=8
# shellcheck source=SCRIPTDIR/../guest/hotplug.sh
. /vm/hotplug.sh

# Convertible: RAM below 4 GiB, the 256 MiB at 5 GiB, and half of the memory
# block at 6 GiB. Nothing at 4 GiB.
CMRS=cmrs=0x100000+0x2fe00000,0x140000000+0x10000000,0x180000000+0x4000000
OUTSIDE=0x100000000
INSIDE=0x140000000
ACROSS=0x180000000
EPERM='Operation not permitted'

busybox uevent env >/tmp/uevents &
uevent_pid=$!

announced()	# NAME RANGE
{
	grep -qx "$1=$2" /tmp/uevents
}

# allowed WHERE ID BASE - plug 256 MiB, use them, and give them back
allowed()
{
	check "$1: plugged" vm_hotplug mem "$2" 256M "$3"
	check "$1: comes online" memory_to online_movable "$3" 256
	check "$1: is online" memory_is online "$3" 256
	gone "$1" "$2" "$3"
}

gone()
{
	check "$1: the kernel lets go of it" vm_unplug "$2"
	check "$1: it is gone" within 30 memory_gone "$3" 256
}

# refused WHERE ID BASE WORDS... - 256 MiB stay offline, and the log says it
refused()
{
	_where=$1 _id=$2 _base=$3
	shift 3
	_was=$(value memory_refused)
	dmesg_mark
	check "$_where: plugged" vm_hotplug mem "$_id" 256M "$_base"
	check_is "$_where: the errno" "$EPERM" \
		"$(sys_write "$MEMORY/memory$(blocks "$_base" 128)/state" online)"
	check "$_where: it is offline" memory_is offline "$_base" 256
	check_is "$_where: one more in memory_refused" $((_was + 1)) \
		"$(value memory_refused)"
	_range=$(printf '0x%x-0x%x' $((_base)) $((_base + 0x8000000)))
	check "$_where: a uevent" within 5 announced TDX_MEMORY_REFUSED "$_range"
	for _w in "\[$(echo "$_range" | sed s/-/-/)\) stays offline" "$@"; do
		check "$_where: the log says '$_w'" dmesg_has -l warn "$_w"
	done
	note "$(dmesg_has -l warn 'stays offline')"
	gone "$_where" "$_id" "$_base"
}

# unusable_grows WHERE ID BASE - let in, and counted
unusable_grows()
{
	_was=$(value unusable_memory_kb)
	check "$1: plugged" vm_hotplug mem "$2" 256M "$3"
	check "$1: comes online" memory_to online_movable "$3" 256
	check_is "$1: unusable_memory_kb grows by its size" \
		$((_was + 262144)) "$(value unusable_memory_kb)"
	gone "$1" "$2" "$3"
	check_is "$1: and shrinks again" "$_was" "$(value unusable_memory_kb)"
}

modprobe tdx_host
check_is "no TDX: state" unsupported "$(value state)"
allowed "unsupported" d1 $OUTSIDE
new_machine version=2.0 $CMRS
modprobe tdx_host use_tdx=off
check_is "use_tdx=off: state" disabled "$(value state)"
allowed "disabled" d2 $INSIDE

rmmod tdx_host
modprobe tdx_host
check_is "state" detected "$(value state)"
refused "detected" d3 $INSIDE "not known before TDX is initialised" \
	memory_hotplug=allow use_tdx=off

check "enable" sh -c "echo 1 >$TDX/enable"
check_is "state" ready "$(value state)"
refused "ready, inside a CMR" d4 $INSIDE "firmware bug, or a physical attack"
refused "ready, outside" d5 $OUTSIDE "no TDX memory" memory_hotplug=allow
refused "ready, across a CMR's end" d6 $ACROSS \
	"firmware bug, or a physical attack"

check "disable" sh -c "echo 0 >$TDX/enable"
rmmod tdx_host
emul module fresh
modprobe tdx_host memory_hotplug=allow
unusable_grows "detected, memory_hotplug=allow" d7 $INSIDE
check "enable" sh -c "echo 1 >$TDX/enable"
unusable_grows "ready, memory_hotplug=allow, outside" d8 $OUTSIDE
refused "ready, memory_hotplug=allow, inside" d9 $INSIDE \
	"firmware bug, or a physical attack"
check_is "none of it is taken for removed TDX memory" 0 \
	"$(value memory_removed)"
check_is "nothing of the TDX module's own was touched" "pages_corrupt 0" \
	"$(cat "$EMUL/verify")"
sane

cleanup()
{
	kill $uevent_pid
}
