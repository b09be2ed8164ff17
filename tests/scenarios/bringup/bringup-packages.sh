# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=4,maxcpus=4 --mem 1G
#
# what would break for a user: a server with an empty socket, whose package numbers have a gap

# shellcheck source=/dev/null
. /vm/bringup.sh

# plug SOCKET - a CPU
plug()
{
	vm_qmp '{"execute": "device_add", "arguments": {"id": "cpu'"$1"'",
		"driver": "max-x86_64-cpu", "socket-id": '"$1"',
		"core-id": 0, "thread-id": 0}}'
}

# seen - sets $late, its number: the next free one, or from 6.9 on its slot's
seen()
{
	for _c in /sys/devices/system/cpu/cpu[2-9]; do
		late=${_c##*/cpu}
	done
	[ -e "$_c/online" ]
}

packages()
{
	cat /sys/devices/system/cpu/cpu*/topology/physical_package_id |
		sort -nu | paste -s -d ' ' -
}

check "a CPU comes into socket 3" plug 3
check "the kernel sees it" within 30 seen
check "and brings it online" cpu "$late" on
check_is "packages" "0 1 3" "$(packages)"
check "the emulator loads" modprobe tdx_emul version=2.0
check "tdx_host loads" modprobe tdx_host
check "bring-up" gets_ready
check_is "each package got its key" "3 3" "$(calls 31) $(counter pkgs_done)"
check "shutdown" fresh_module
emul inject 31:0xc000050600000000:1:2
check "bring-up fails at the third package" not gets_ready
check "and names a CPU of it" error_says TDH.SYS.KEY.CONFIG "CPU $late"
check_is "the others have their keys" 2 "$(counter pkgs_done)"
check "asking again gets the one that is missing" gets_ready
check_is "and each package has one" 3 "$(counter pkgs_done)"
sane
