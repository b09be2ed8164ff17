# SPDX-License-Identifier: GPL-2.0-only
# vm: --smp 4,sockets=2 --mem 768M
# what would break for a user: every other scenario: sockets, memory, kmod and
# the kernel log must be what they are asked to be
# shellcheck shell=sh

ids()
{
	cat /sys/devices/system/cpu/cpu*/topology/physical_package_id |
		sort -u | tr '\n' ' '
}

memory_mb()
{
	awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo
}

check_is "four CPUs are online" "0-3" "$(cat /sys/devices/system/cpu/online)"
check_is "they are in two packages" "0 1 " "$(ids)"
check "memory is what --mem says" \
	[ "$(memory_mb)" -gt 500 -a "$(memory_mb)" -le 768 ]
check "modprobe is kmod's" sh -c 'modprobe -V | grep kmod'
check "modprobe is kmod's under timeout, too" \
	sh -c 'timeout 5 modprobe -V | grep kmod'
check "a stock module loads with what it depends on" \
	modprobe -v virtio_console
check "no TDX without --emul" not grep -w tdx_emul /proc/modules

echo "<4>runner: a warning" >/dev/kmsg
# Only what the kernel itself says counts; /dev/kmsg marks our own as foreign.
check "the log of the kernel is not ours to write" \
	dmesg_lacks 'runner: a warning'
check "the kernel's log is there" dmesg_has 'Linux version'
check "levels are told apart" dmesg_lacks -l err+ 'Linux version'
dmesg_mark
check "a mark hides what was before" dmesg_lacks 'Linux version'
