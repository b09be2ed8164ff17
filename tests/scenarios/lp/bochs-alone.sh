# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# bochs-alone - the VMX window with the real VMXON and VMXOFF, and nobody else
#
# bochs
# vm: --emul

modprobe tdx_watch

vmxe()
{
	cut -d ' ' -f 3 "$TEST/cr4"
}

check_is "the CPU has VMX" 1 "$(counter real_vmx)"
modprobe tdx_host
modprobe tdx_test
cr4=$(cat "$TEST/cr4")
check_is "CR4.VMXE is clear" - "$(vmxe)"

# An interrupt between somebody's CR4.VMXE and his VMXON.
check "the race is brought about" sh -c "echo 0 >$TEST/vmx_race"
check_is "tdx_host_cpu_enable() succeeds in it, CR4 is as it found it" \
	"result 0
cr4 kept" "$(cat "$TEST/vmx_race")"
check_is "each of two SEAMCALLs met #UD, and was made again" "2 2" \
	"$(counter ud) $(watched vmxon)"
check_is "CR4 is as at the beginning" "$cr4" "$(cat "$TEST/cr4")"

new_machine
modprobe tdx_host
modprobe tdx_test
vmxons=$(watched vmxon)
check_is "tdx_host_cpu_enable() by itself" "0 0" "$(on_cpus 0)"
check_is "one window for each of two SEAMCALLs" $((vmxons + 2)) "$(watched vmxon)"
check_is "none met #UD" 0 "$(counter ud)"
check_is "CR4 is as at the beginning" "$cr4" "$(cat "$TEST/cr4")"

new_machine seam=absent
modprobe tdx_host
check "without SEAM enable fails" not sh -c "echo 1 >$TDX/enable"
check "and says so" error_says TDX_SEAMCALL_UD "no SEAM"
check_is "CR4 is as at the beginning" "$cr4" "$(modprobe tdx_test; cat "$TEST/cr4")"

new_machine
check "modprobe init=load" modprobe tdx_host init=load
check_is "cpus_ready" 0 "$(value cpus_ready)"
check_is "last_error is empty" "" "$(value last_error)"
modprobe tdx_test
check_is "CR4 is as at the beginning" "$cr4" "$(cat "$TEST/cr4")"
check_is "a VMXOFF for each VMXON" "$(watched vmxon)" "$(watched vmxoff)"
check_is "out of the window SEAMCALL is #UD" "status 0x8000ff0000000006" \
	"$(echo "thin 0 34" >"$TEST/seamcall"; head -n 1 "$TEST/seamcall")"

# Each entry has a VMXON and a VMXOFF of its own.
check "a TD lives" modprobe tdx_consumer
check_is "VMXOFF never met a VCPU" 0 "$(counter vcpus_lost)"
check "it was flushed after each of its calls" \
	test "$(calls 18)" -ge "$(calls 0)"
check "KVM can be loaded afterwards" modprobe kvm-intel
check "and a guest runs" kvm_guest run
sane
