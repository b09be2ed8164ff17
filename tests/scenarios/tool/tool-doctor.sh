# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: tdx-host doctor names another cause than the one
# that keeps TDX from working, and one cures the wrong thing
#
# vm: --smp 4,sockets=2 --emul

# shellcheck source=/dev/null
. /vm/tool.sh

# broken MACHINE OPTIONS CHECK CAUSE WORDS... - with these options of the
# emulator (words), tdx_host is loaded and cannot bring TDX up
broken()
{
	_name=$1
	_options=$2
	shift 2
	# shellcheck disable=SC2086 # words
	new_machine $_options
	modprobe tdx_host init=load
	doctor_names "$_name" "$@"
}

modprobe tdx_host
doctor_content "detected"
tool status
check_is "detected: exit status of status" 3 "$code"

broken "no VMX" vmx=off vmx VMX_ABSENT "no VMX"
broken "SEAM range off, with KeyIDs" seamrr=unconfigured \
	seamrr KEYIDS_WITHOUT_SEAM_RANGE "32 KeyIDs" SGX
broken "SEAM range off, without KeyIDs" "seamrr=unconfigured keyids=63:0" \
	seamrr NO_SEAM_RANGE "bit 11 is clear" BIOS
broken "no TDX module" module=absent tdx-module SEAMCALL_VMFAILINVALID \
	"no TDX module" EFI/TDX
broken "one KeyID" keyids=62:1 keyids ONE_KEYID "62 KeyIDs" "key split"
broken "KeyIDs on one CPU only" msr=2:0x87:0x100000003f msrs CPUS_DIFFER \
	IA32_MKTME_KEYID_PARTITIONING
broken "TME off" msr=all:0x982:0 tme TME_OFF "IA32_TME_ACTIVATE = 0"
broken "TDX module 1.0" version=1.0 tdx-module MODULE_1_0 "1.5 or later"
broken "RAM outside the CMRs" cmrs=0x1000000000+0x40000000 \
	memory RAM_OUTSIDE_CMRS "no System RAM"
broken "tiny CMRs" cmrs=0x20000000+0x300000 memory CMRS_TOO_SMALL \
	"free memory does not help"

# Before TDX is enabled, and after that failed.
unload
check "CPU 3 goes off" cpu 3 off
modprobe tdx_emul
modprobe tdx_host
doctor_names "a CPU is offline, detected" online CPUS_OFFLINE "CPU 3"
check "enable is refused" not tdx-host enable
doctor_names "a CPU is offline, failed" online CPUS_OFFLINE "CPU 3"
cpu 3 on

# As anybody, who may read less.
new_machine seamrr=unconfigured
modprobe tdx_host
# anybody COMMAND... - run it as no one in particular
anybody()
{
	setpriv --reuid 1000 --regid 1000 --clear-groups \
		--inh-caps=-all --bounding-set=-all "$@"
}
code=0
anybody tdx-host doctor >/tmp/said || code=$?
said=$(tr -s ' \n' ' ' </tmp/said)
check_is "as anybody: exit status" 1 "$code"
check "as anybody: the same cause" tool_says \
	"Begin with this: SEAM range" "refused it a SEAM range"

# Without the emulator this is a virtual machine as any.
unload
doctor_names "a virtual machine, before loading" machine VIRTUAL_MACHINE \
	hypervisor
modprobe tdx_host
doctor_names "a virtual machine" machine VIRTUAL_MACHINE "virtual machine"
rmmod tdx_host

modprobe tdx_emul
modprobe tdx_owner
check "modprobe is refused" not modprobe tdx_host
doctor_names "the kernel owns TDX" owner KERNEL_OWNS_TDX CONFIG_INTEL_TDX_HOST
rmmod tdx_owner

modprobe tdx_host init=load
check_is "state" ready "$(value state)"
doctor_content "ready"
tool status
check_is "ready: exit status of status" 0 "$code"
check "ready: what status says" tool_says "state ready" "CPUs 0-3 ready" \
	"tdx_host drives it" "no: this kernel's KVM cannot start TDs"
sane
