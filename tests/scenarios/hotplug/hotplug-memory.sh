# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a DIMM added to a running server is refused
# where nobody asked for TDX, or slips into a TDX host where it must not
#
# Every cell of the table in docs/architecture.md, "What changes at run time":
# state, where the memory lies, memory_hotplug=.
#
# vm: --smp 2 --mem 768M,maxmem=4G,slots=8
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

# Convertible: RAM below 4 GiB, the 256 MiB at 5 GiB, and half of the memory
# block at 6 GiB. Nothing at 4 GiB.
CMRS=cmrs=0x100000+0x2fe00000,0x140000000+0x10000000,0x180000000+0x4000000
BLOCK=0x8000000
CLIENT=/sys/kernel/debug/tdx_client
EPERM='Operation not permitted'

busybox uevent env >/tmp/uevents &
uevent_pid=$!
nr=0

base_of()	# inside|outside|across
{
	case $1 in
	outside)	echo 0x100000000 ;;
	inside)		echo 0x140000000 ;;
	across)		echo 0x180000000 ;;
	esac
}

announced()	# NAME RANGE
{
	grep -qx "$1=$2" /tmp/uevents
}

# plug WHAT WHERE - a block at $base, offline
plug()
{
	nr=$((nr + 1))
	id=d$nr
	base=$(base_of "$2")
	dmesg_mark
	check "$1, $2: plugged" vm_hotplug mem $id 128M "$base"
}

unplug()	# WHAT WHERE
{
	check "$1, $2: the kernel lets go of it" vm_unplug $id
	check "$1, $2: it is gone" within 60 memory_gone "$base" 128
}

# allowed STATE WHERE... - it comes online as without tdx_host
allowed()
{
	_what=$1
	shift
	for where in "$@"; do
		plug "$_what" "$where"
		check "$_what, $where: comes online" \
			memory_to online_movable "$base" 128
		check "$_what, $where: is online" memory_is online "$base" 128
		check_is "$_what, $where: TDX counts nothing" "0 0" \
			"$(value memory_refused) $(value unusable_memory_kb)"
		unplug "$_what" "$where"
	done
}

# counted STATE WHERE... - it comes online, and counts as unusable for TDX
counted()
{
	_what=$1
	shift
	for where in "$@"; do
		_was=$(value unusable_memory_kb)
		plug "$_what" "$where"
		check "$_what, $where: comes online" \
			memory_to online_movable "$base" 128
		check_is "$_what, $where: unusable_memory_kb grows by its size" \
			$((_was + 131072)) "$(value unusable_memory_kb)"
		unplug "$_what" "$where"
		check_is "$_what, $where: and shrinks again" "$_was" \
			"$(value unusable_memory_kb)"
	done
}

# refused STATE WHERE WORDS... - it stays offline, and the log says it
refused()
{
	_what=$1 where=$2
	shift 2
	_was=$(value memory_refused)
	plug "$_what" "$where"
	check_is "$_what, $where: the errno" "$EPERM" \
		"$(sys_write "$MEMORY/memory$(blocks "$base" 128)/state" online)"
	check "$_what, $where: it is offline" memory_is offline "$base" 128
	check_is "$_what, $where: one more in memory_refused" $((_was + 1)) \
		"$(value memory_refused)"
	_range=$(printf '0x%x-0x%x' $((base)) $((base + BLOCK)))
	check "$_what, $where: a uevent" within 20 \
		announced TDX_MEMORY_REFUSED "$_range"
	for _w in "stays offline.*\[$_range\)" "$@"; do
		check "$_what, $where: the log says '$_w'" \
			dmesg_has -l warn "$_w"
	done
	note "$(dmesg_has -l warn 'stays offline')"
	unplug "$_what" "$where"
}

modprobe tdx_host
check_is "no TDX: state" unsupported "$(value state)"
allowed unsupported inside outside across
new_machine version=2.0 $CMRS
modprobe tdx_host use_tdx=off
check_is "use_tdx=off: state" disabled "$(value state)"
allowed disabled inside outside across

rmmod tdx_host
modprobe tdx_host
check_is "state" detected "$(value state)"
for w in inside outside across; do
	refused detected $w "not known before TDX is initialised" \
		memory_hotplug=allow use_tdx=off
done

check "enable" sh -c "echo 1 >$TDX/enable"
check_is "state" ready "$(value state)"
refused ready inside "firmware bug, or a physical attack" reboot
refused ready outside "no TDX memory" memory_hotplug=allow
refused ready across "firmware bug, or a physical attack" reboot

start_over memory_hotplug=allow
check_is "memory_hotplug=allow: state" detected "$(value state)"
counted "detected, allow" inside outside across
check "enable" sh -c "echo 1 >$TDX/enable"
check_is "memory_hotplug=allow: state" ready "$(value state)"
counted "ready, allow" outside
for w in inside across; do
	refused "ready, allow" $w "firmware bug, or a physical attack" reboot
done
modprobe tdx_client
check "a consumer insists on TDX memory" sh -c "echo 1 >$CLIENT/ram"
refused "ready, allow, not by a consumer" outside \
	"a user of TDX needs all RAM to be TDX memory" "unload the module"
check "it insists no more" sh -c "echo 0 >$CLIENT/ram"
counted "ready, allow again" outside
rmmod tdx_client
check_is "none of it is taken for removed TDX memory" 0 \
	"$(value memory_removed)"
check "the log neither" dmesg_lacks -l alert 'tdx_host:'

# A bring-up that failed knows as little as none, or as much as one that
# succeeded, by where it ended.
check "disable" sh -c "echo 0 >$TDX/enable"
emul module fresh
emul inject 45:0xc000010000000001:1	# TDH.SYS.CONFIG
check "bring-up fails early" not sh -c "echo 1 >$TDX/enable"
check_is "state" failed "$(value state)"
counted "failed before TDH.SYS.CONFIG, allow" inside
emul inject 36:0xc000010000000001:1	# TDH.SYS.TDMR.INIT
check "bring-up fails late" not sh -c "echo 1 >$TDX/enable"
check_is "state" failed "$(value state)"
refused "failed after TDH.SYS.CONFIG, allow" inside \
	"firmware bug, or a physical attack"
counted "failed after TDH.SYS.CONFIG, allow" outside
check "in the end bring-up succeeds" sh -c "echo 1 >$TDX/enable"
check_is "nothing of the TDX module's own was touched" "pages_corrupt 0" \
	"$(cat "$EMUL/verify")"
sane

cleanup()
{
	kill $uevent_pid
}
