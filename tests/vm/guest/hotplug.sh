# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# hotplug.sh - plug and unplug memory and CPUs, for scenarios that source it
# with `. /vm/hotplug.sh`. The events are real: QEMU's monitor plugs and
# unplugs, and ACPI tells the guest.

MEMORY=/sys/devices/system/memory
CPUS=/sys/devices/system/cpu

# Debian's kernels from 6.12 on bring hot-added memory online by themselves.
[ ! -e $MEMORY/auto_online_blocks ] || echo offline >$MEMORY/auto_online_blocks

# sys_write FILE VALUE - prints nothing, or the system's message if it fails
# ("Operation not permitted")
sys_write()
{
	vm_err=$(printf '%s\n' "$2" | busybox dd of="$1" 2>&1) && return 0
	printf '%s\n' "$vm_err" | sed -n 's/^dd: .*: //p'
	return 1
}

# While memory goes, its files are read by the shell: busybox's cat uses
# sendfile, for which kernels of our list allocate pages in bulk, and that may
# follow a null pointer while the list of zones is made anew.

# block_bytes - the size of a memory block, in bytes
block_bytes()
{
	read -r vm_size <$MEMORY/block_size_bytes
	echo $((0x$vm_size))
}

# blocks BASE MIB - the numbers of the memory blocks in that range
blocks()
{
	vm_b=$(($1 / $(block_bytes)))
	vm_e=$((($1 + $2 * 1048576) / $(block_bytes)))
	while [ $vm_b -lt $vm_e ]; do
		echo $vm_b
		vm_b=$((vm_b + 1))
	done
}

# memory_is STATE BASE MIB - all blocks of the range are in STATE: online,
# offline
memory_is()
{
	for vm_n in $(blocks "$2" "$3"); do
		vm_s=
		{ read -r vm_s <"$MEMORY/memory$vm_n/state"; } 2>/dev/null || :
		echo "memory$vm_n ${vm_s:-is not there}"
		[ "$vm_s" = "$1" ] || return 1
	done
}

# memory_to STATE BASE MIB - put them into STATE: offline, or online_movable, so
# that they can be taken offline again; prints the error of the first that fails
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

# vm_hotplug mem ID SIZE BASE [NODE] - plug a DIMM; on return the kernel has its
#	blocks, offline
# vm_hotplug cpu ID - plug a CPU into the free slot with the lowest socket, core
#	and thread; on return the kernel has it, offline. Sets plugged_cpu, its
#	number.
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
	plug_dimm "$@" && within 30 memory_is offline "$3" "$vm_mib"
}

# plug_dimm ID SIZE BASE NODE - does not wait for the kernel
plug_dimm()
{
	vm_mib=$(mib "$2")
	vm_qmp "{\"execute\": \"object-add\", \"arguments\": {
		\"qom-type\": \"memory-backend-ram\", \"id\": \"$1-ram\",
		\"size\": $((vm_mib * 1048576))}}" &&
	vm_qmp "{\"execute\": \"device_add\", \"arguments\": {
		\"driver\": \"pc-dimm\", \"id\": \"$1\", \"memdev\": \"$1-ram\",
		\"node\": $4, \"addr\": $(($3))}}"
}

# free_cpu - "TYPE PROPS" of the CPU to plug; PROPS are members of a JSON object
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

# in_list N LIST - is N in a list like 0-3,8?
in_list()
{
	for vm_r in $(echo "$2" | tr , ' '); do
		[ "$1" -ge "${vm_r%-*}" ] && [ "$1" -le "${vm_r#*-}" ] &&
			return 0
	done
	return 1
}

# vm_unplug ID - ask the guest to give a device up: its kernel takes it offline
# by itself. Does not wait for that; see memory_gone.
vm_unplug()
{
	vm_qmp "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"$1\"}}"
}

# vm_resize ID SIZE - have memory of the virtio-mem device ID plugged or
# unplugged until it has SIZE; does not wait for that
vm_resize()
{
	vm_qmp "{\"execute\": \"qom-set\", \"arguments\": {
		\"path\": \"/machine/peripheral/$1\",
		\"property\": \"requested-size\",
		\"value\": $(($(mib "$2") * 1048576))}}"
}

# vm_sleep mem|freeze|disk SECONDS - put the machine to sleep and have it woken
# after that time; prints the error if it does not go to sleep
#
# QEMU's real-time clock wakes it from S3 only; after s2idle (freeze) the power
# button does.
#
# On waking from S3, QEMU has reset PMBASE and ACPI_CNTL of the LPC bridge, and
# no firmware restores them. Without them ACPI cannot power the machine down or
# put it to sleep again, so they are saved and restored here.
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
