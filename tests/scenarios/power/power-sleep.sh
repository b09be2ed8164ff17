# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a TDX host that goes to sleep loses its keys and
# with them the memory of every TD; one that never may sleep is no laptop
#
# long
# vm: --smp 2 --mem 1G --bzimage --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

EBUSY='Device or resource busy'

ready_as_before()
{
	[ "$(value state)" = ready ] && [ "$(value cpus_ready)" = 0-1 ] &&
		[ "$(cat "$EMUL/verify")" = "pages_corrupt 0" ]
}

# What hibernation would do to the TDX module, and S3 does in the emulator: it
# is gone, and the BIOS loads it anew.
power_was_lost()
{
	emul vmx_held 0
	echo "ret 0 69" >"$TEST/seamcall"	# TDH.SYS.DISABLE
	emul vmx_released 0
	emul module fresh
}

modprobe tdx_host
modprobe tdx_test
check "enable" sh -c "echo 1 >$TDX/enable"
check "state and CPUs" ready_as_before

dmesg_mark
check_is "ready: suspend to RAM" "$EBUSY" "$(vm_sleep mem 5)"
check "last_error says why" error_says "it was suspend to RAM" \
	"write 0 to enable" s2idle
check "so does the log" dmesg_has -l err 'would lose.*it was suspend to RAM'
check "the state is unharmed" ready_as_before
check_is "ready: hibernation" "$EBUSY" "$(vm_sleep disk 5)"
check "last_error says why" error_says "it was hibernation"
check "the state is unharmed" ready_as_before
check "ready: s2idle is allowed, and wakes" vm_sleep freeze 5
check "the state is unharmed" ready_as_before
check_is "power was never lost" 0 "$(counter power_losses)"

check "disable" sh -c "echo 0 >$TDX/enable"
check "suspend to RAM is allowed, and wakes" vm_sleep mem 5
check "the machine was asleep" dmesg_has 'Waking up from system sleep state S3'
check_is "state" detected "$(value state)"
check_is "power was lost, and the TDX module is as loaded anew" "1 0 0" \
	"$(counter power_losses) $(counter state) $(counter lps_done)"

# From here on also what was initialised without bring-up must be forgotten.
check "CPU 0 is initialised, no more" sh -c "echo 0 >$TEST/cpu_enable"
check_is "cpus_ready" 0 "$(value cpus_ready)"
check "detected: suspend to RAM is allowed, and wakes" vm_sleep mem 5
check_is "the TDX module knows nothing of CPU 0 any more" "2 0 0" \
	"$(counter power_losses) $(counter state) $(counter lps_done)"
check_is "and tdx_host knows that" "" "$(value cpus_ready)"

# Without a disk as far as one can: devices are suspended and resumed.
check "CPU 0 is initialised again" sh -c "echo 0 >$TEST/cpu_enable"
check_is "cpus_ready" 0 "$(value cpus_ready)"
check "hibernation is tried" sh -c 'echo devices >/sys/power/pm_test'
check "detected: it is allowed" sys_write /sys/power/state disk
check_is "what TDX knew of CPU 0 is forgotten" "" "$(value cpus_ready)"
power_was_lost
check "enable" sh -c "echo 1 >$TDX/enable"
check "state and CPUs" ready_as_before
sane
