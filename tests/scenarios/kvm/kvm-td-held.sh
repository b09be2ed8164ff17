# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: TDX is taken away from under a TD of KVM, by who
# disables it, unloads it, sends the machine to sleep, or adds a CPU without it
#
# vm: --kvm-tdx --smp 2 --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

EBUSY='Device or resource busy'

# opened - the TD is there
opened()
{
	grep -qx open /tmp/td
}

# differs - CPU 1 is set up otherwise than the others, from its next start
differs()
{
	cpu 1 off && emul msr 1:0x87:0x100000003f
}

check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1
kvm_td hold until /tmp/stop >/tmp/td 2>&1 &
td=$!
check "a TD is open" within 120 opened
check_is "its KeyID is KVM's" kvm_intel \
	"$(sed -n 's/.*\[\(.*\)\]$/\1/p' /sys/kernel/debug/tdx_host/keyids)"

check_is "TDX is not disabled" "$EBUSY" "$(sys_write "$TDX/enable" 0)"
check "last_error says why, and who" error_says "TDs have KeyIDs in use" \
	kvm_intel
check_is "TDX is ready" ready "$(value state)"
check "tdx_host cannot be unloaded" not rmmod tdx_host
check "nor KVM" not rmmod kvm-intel
check_is "the machine does not hibernate" "$EBUSY" \
	"$(sys_write /sys/power/state disk)"
check "last_error says why" error_says "hibernation would lose"

check "a CPU goes offline, and is set up otherwise" differs
dmesg_mark
check_is "it stays offline" "Operation not permitted" \
	"$(sys_write /sys/devices/system/cpu/cpu1/online 1)"
check "the log says why" dmesg_has -l warn \
	"a user of TDX needs every online CPU \(CPU 1\)"
emul msr 1:0x87:0x200000001f
check "as it was, it comes online" cpu 1 on

: >/tmp/stop
check "the TD ran well to its end" wait $td || cat /tmp/td
nothing_left

# KVM is loaded, and has no TD.
check "TDX is disabled" sh -c "echo 0 >$TDX/enable"
check "there is no TD" not kvm_td run
emul module fresh
check "TDX is enabled again" sh -c "echo 1 >$TDX/enable"
check "a TD lives" kvm_td run
nothing_left
check "KVM can be unloaded" rmmod kvm-intel
check "a CPU that is set up otherwise goes offline" differs
check "it comes online, for all that is no TD" cpu 1 on
emul msr 1:0x87:0x200000001f
check "TDX is disabled" sh -c "echo 0 >$TDX/enable"
check "tdx_host can be unloaded" rmmod tdx_host
sane
