# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# bochs-kvm - tdx_host beside a living KVM guest, which must not notice
#
# bochs
# vm: --emul

modprobe tdx_watch

vmxe()
{
	cut -d ' ' -f 3 "$TEST/cr4"
}

opened()
{
	grep -q open /tmp/guest
}

check "KVM is loaded" modprobe kvm-intel
check "a guest runs before" kvm_guest run
modprobe tdx_host
modprobe tdx_test

kvm_guest hold until /tmp/stop >/tmp/guest 2>&1 &
pid=$!
check "a guest is open" within 60 opened
check_is "CR4.VMXE is set: KVM is in VMX operation" vmxe "$(vmxe)"
check_is "tdx_host_cpu_enable() beside it" "0 0" "$(on_cpus 0)"

# Outside VMX operation SEAMCALL is #UD as well: the two must not be mixed up.
emul seam absent
echo "call 0 34" >"$TEST/seamcall"
check_is "a CPU with VMX and without SEAM is TDX_SEAMCALL_UD" \
	"status 0x8000ff0000000006" "$(cat "$TEST/seamcall")"
check "enable fails" not sh -c "echo 1 >$TDX/enable"
check "and says so" error_says TDX_SEAMCALL_UD "no SEAM"
check_is "CR4.VMXE is set as before" vmxe "$(vmxe)"
emul seam on
ud=$(counter ud)
vmxons=$(watched vmxon)

check "enable beside it" sh -c "echo 1 >$TDX/enable"
check_is "cpus_ready" 0 "$(value cpus_ready)"
check_is "no VMXON of ours" "$vmxons" "$(watched vmxon)"
check_is "no SEAMCALL met #UD" "$ud" "$(counter ud)"
check_is "CR4.VMXE is set still" vmxe "$(vmxe)"
echo "thin 0 34" >"$TEST/seamcall"
check_is "a caller in VMX operation needs no window" \
	"status 0x0000000000000000" "$(head -n 1 "$TEST/seamcall")"

: >/tmp/stop
check "the guest ran well to its end" wait $pid
note "$(paste -s -d ' ' /tmp/guest)"
check "another guest runs after" kvm_guest run
check "KVM can be unloaded" rmmod kvm-intel
check_is "CR4.VMXE is clear" - "$(vmxe)"
sane
