# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# three-failures - no SEAM, no TDX module, no VMX: three different sentences
#
# vm: --smp 2

# fails OPTION STATE WORDS... - init=load explains itself and the module stays
fails()
{
	_option=$1 _state=$2
	shift 2
	new_machine "$_option"
	check "$_option: modprobe init=load succeeds all the same" \
		modprobe tdx_host init=load
	check_is "$_option: state" "$_state" "$(value state)"
	check "$_option: last_error" error_says "$@"
	value last_error >>/tmp/sentences
	modprobe tdx_test
	check_is "$_option: tdx_host_cpu_enable() is ENODEV" "0 -19
1 -19" "$(on_cpus 0-1)"
	check "$_option: everything can be unloaded" unload
}

fails seam=off unsupported "SEAM" "BIOS"
fails module=absent failed TDH.SYS.INIT TDX_SEAMCALL_VMFAILINVALID "BIOS"
fails vmx=off failed VMX
check_is "three sentences, all different" 3 \
	"$(sort -u /tmp/sentences | wc -l)"
check_is "three sentences in all" 3 "$(wc -l </tmp/sentences)"

# SEAM that goes after detection: #GP, through the exception table.
new_machine
modprobe tdx_host
emul seam off
check "SEAM lost: enable fails" not sh -c "echo 1 >$TDX/enable"
check "SEAM lost: last_error" error_says TDH.SYS.INIT TDX_SEAMCALL_GP
check "SEAMCALL did raise #GP" test "$(counter gp)" -ge 1

# What is cured meanwhile is cured without a reload.
new_machine module=absent
modprobe tdx_host init=load
check_is "absent: state" failed "$(value state)"
emul module present
check "enable succeeds once there is a TDX module" \
	sh -c "echo 1 >$TDX/enable"
check_is "cpus_ready" 0-1 "$(value cpus_ready)"
check_is "last_error is empty" "" "$(value last_error)"
sane
