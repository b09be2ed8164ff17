# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# hotplug.sh - memory and CPUs that come and go, for scenarios, which source it
# themselves: `. /vm/hotplug.sh`. The events are real: QEMU's monitor plugs and
# unplugs, the guest hears of it by ACPI.

MEMORY=/sys/devices/system/memory
CPUS=/sys/devices/system/cpu

# Debian's kernels from 6.12 on bring hot-added memory online by themselves.
[ ! -e $MEMORY/auto_online_blocks ] || echo offline >$MEMORY/auto_online_blocks

# sys_write FILE VALUE - quiet if it succeeds, else the system's own word for
# what went wrong ("Operation not permitted")
sys_write()
{
	vm_err=$(printf '%s\n' "$2" | busybox dd of="$1" 2>&1) && return 0
	printf '%s\n' "$vm_err" | sed -n 's/^dd: .*: //p'
	return 1
}

# block_bytes - the size of a memory block
block_bytes()
{
	echo $((0x$(cat $MEMORY/block_size_bytes)))
}

# blocks BASE MIB - numbers of the memory blocks of that range
blocks()
{
	vm_b=$(($1 / $(block_bytes)))
	vm_e=$((($1 + $2 * 1048576) / $(block_bytes)))
	while [ $vm_b -lt $vm_e ]; do
		echo $vm_b
		vm_b=$((vm_b + 1))
	done
}

# memory_is STATE BASE MIB - all blocks of the range are online or offline
memory_is()
{
	for vm_n in $(blocks "$2" "$3"); do
		vm_s=$(cat "$MEMORY/memory$vm_n/state" 2>/dev/null)
		echo "memory$vm_n ${vm_s:-is not there}"
		[ "$vm_s" = "$1" ] || return 1
	done
}

# memory_to STATE BASE MIB - take them online (online_movable, so that they can
# go again) or offline; prints the error of the first that does not go
memory_to()
{
	for vm_n in $(blocks "$2" "$3"); do
		sys_write "$MEMORY/memory$vm_n/state" "$1" || return 1
	done
}

# memory_gone BASE MIB
memory_gone()
{
	for vm_n in $(blocks "$1" "$2"); do
		! [ -d "$MEMORY/memory$vm_n" ] || return 1
	done
}

mib()
{
	case $1 in
	*G)	echo $((${1%G} * 1024)) ;;
	*M)	echo "${1%M}" ;;
	esac
}

# vm_hotplug mem ID SIZE BASE [NODE] - a DIMM; on return the kernel has its
#	blocks, offline
# vm_hotplug cpu ID - the free CPU slot with the lowest socket, core and thread;
#	on return the kernel has the CPU, offline, and $plugged_cpu is its number
vm_hotplug()
{
	case $1 in
	mem)	plug_memory "$2" "$3" "$4" "${5:-0}" ;;
	cpu)	plug_cpu "$2" ;;
	*)	echo "vm_hotplug: mem or cpu, not '$1'" >&2
		return 1 ;;
	esac
}

plug_memory()	# ID SIZE BASE NODE
{
	vm_mib=$(mib "$2")
	vm_qmp "{\"execute\": \"object-add\", \"arguments\": {
		\"qom-type\": \"memory-backend-ram\", \"id\": \"$1-ram\",
		\"size\": $((vm_mib * 1048576))}}" &&
	vm_qmp "{\"execute\": \"device_add\", \"arguments\": {
		\"driver\": \"pc-dimm\", \"id\": \"$1\", \"memdev\": \"$1-ram\",
		\"node\": $4, \"addr\": $(($3))}}" &&
	within 30 memory_is offline "$3" "$vm_mib"
}

# free_cpu - "TYPE PROPS" of the CPU to plug, PROPS as JSON members
free_cpu()
{
	vm_qmp '{"execute": "query-hotpluggable-cpus"}' |
		sed 's/{"props": /\n/g' | grep -v qom-path |
		sed -n 's/^{\([^}]*\)}.*"type": "\([^"]*\)".*$/\2 \1/p' | awk '
		function prop(name) {
			if (!match($0, "\"" name "\": [0-9]+"))
				return 0
			return substr($0, RSTART + length(name) + 4,
				      RLENGTH - length(name) - 4) + 0
		}
		{
			at = prop("socket-id") * 1000000 + prop("core-id") * 1000 +
				prop("thread-id")
			if (best == "" || at < least) {
				best = $0
				least = at
			}
		}
		END { if (best != "") print best }'
}

plug_cpu()	# ID
{
	vm_was=$(cat $CPUS/present)
	vm_slot=$(free_cpu)
	[ -n "$vm_slot" ] || {
		echo "vm_hotplug: no CPU slot is free" >&2
		return 1
	}
	vm_qmp "{\"execute\": \"device_add\", \"arguments\": {
		\"driver\": \"${vm_slot%% *}\", \"id\": \"$1\",
		${vm_slot#* }}}" &&
	within 30 cpus_changed "$vm_was" || return 1
	for vm_c in "$CPUS"/cpu[0-9]*; do
		in_list "${vm_c##*/cpu}" "$vm_was" || plugged_cpu=${vm_c##*/cpu}
	done
	within 30 test -e "$CPUS/cpu$plugged_cpu/online"
}

cpus_changed()	# LIST
{
	[ "$(cat $CPUS/present)" != "$1" ]
}

# in_list N LIST - is it in a list like 0-3,8?
in_list()
{
	for vm_r in $(echo "$2" | tr , ' '); do
		[ "$1" -ge "${vm_r%-*}" ] && [ "$1" -le "${vm_r#*-}" ] &&
			return 0
	done
	return 1
}

# vm_unplug ID - ask the guest to let go of it: the kernel takes it offline by
# itself. Nothing is waited for; see memory_gone.
vm_unplug()
{
	vm_qmp "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"$1\"}}"
}

# vm_resize ID SIZE - plug or unplug memory of the virtio-mem device ID, so that
# it comes to have SIZE; nothing is waited for
vm_resize()
{
	vm_qmp "{\"execute\": \"qom-set\", \"arguments\": {
		\"path\": \"/machine/peripheral/$1\",
		\"property\": \"requested-size\",
		\"value\": $(($(mib "$2") * 1048576))}}"
}

# vm_sleep mem|freeze|disk SECONDS - ask for sleep, with somebody to wake the
# machine; prints the error if the kernel does not go to sleep
#
# QEMU's clock wakes from S3, and from S3 only: s2idle has the power button.
#
# After S3 the registers by which ACPI powers the machine down, or puts it to
# sleep again, are where QEMU's reset left them and no firmware has put them
# back: PMBASE and ACPI_CNTL of the LPC bridge.
vm_sleep()
{
	vm_lpc=/sys/bus/pci/devices/0000:00:1f.0/config
	busybox dd if=$vm_lpc of=/tmp/vm_lpc bs=1 skip=64 count=5 2>/dev/null
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	if [ "$1" = freeze ]; then
		modprobe button
		vm_later "$2" '{"execute": "system_powerdown"}'
	else
		echo "+$2" >/sys/class/rtc/rtc0/wakealarm
	fi
	sys_write /sys/power/state "$1"
	vm_status=$?
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	busybox dd if=/tmp/vm_lpc of=$vm_lpc bs=1 seek=64 conv=notrunc \
		2>/dev/null
	return $vm_status
}
