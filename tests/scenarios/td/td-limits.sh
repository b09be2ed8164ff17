# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 768M,maxmem=4G,slots=4 --emul version=2.0
#
# what would break for a user: a VMM gives a TD memory that TDX cannot use, or promises more TDs or VCPUs than there can be

# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

LIMITS=/sys/kernel/debug/tdx_client/limits

# limits - KeyIDs, VCPUs of a TD, and the first RAM that is no TDX memory
limits()
{
	tr '\n' ' ' <"$LIMITS"
}

modprobe tdx_host
modprobe tdx_client
check_is "before TDX is ready nothing is TDX memory" \
	"keyids 31 vcpus 0 all_ram 0 0x0 0x0 " "$(limits)"
check "TDX comes up" sh -c "echo 1 >$TDX/enable"
check_is "all RAM is TDX memory, PAMTs do not count" \
	"keyids 31 vcpus 576 all_ram 1 0x0 0x0 " "$(limits)"
rmmod tdx_client
start_over memory_hotplug=allow init=load
modprobe tdx_client
check "128 MiB that are no TDX memory come" \
	vm_hotplug mem late 128M 0x140000000
check "they are online" memory_to online 0x140000000 128
check_is "and are named" \
	"keyids 31 vcpus 576 all_ram 0 0x140000000 0x148000000 " "$(limits)"
rmmod tdx_client

# Half of the RAM below 512 MiB is not convertible.
start_over
check "a machine with less convertible memory" new_machine version=2.0 \
	cmrs=0x100000+0xff00000,0x20000000+0x10000000
modprobe tdx_host init=load
modprobe tdx_client
check_is "what lies between the CMRs is named" \
	"keyids 31 vcpus 576 all_ram 0 0x10000000 0x20000000 " "$(limits)"
sane
