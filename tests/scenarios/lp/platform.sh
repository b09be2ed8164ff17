# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# platform - what detection finds wrong with a machine, each in its own words
#
# vm: --smp 4,sockets=2

# refused OPTIONS WORDS... - that machine is unsupported, and why
refused()
{
	_option=$1
	shift
	# shellcheck disable=SC2086 # one option or more
	new_machine $_option
	# The CPU that detects is the one that the others are compared with.
	taskset -c 0 modprobe tdx_host init=load
	check_is "$_option: state" unsupported "$(value state)"
	check "$_option: last_error" error_says "$@"
	check_is "$_option: no SEAMCALL was made" 0 "$(counter seamcalls)"
}

refused seamrr=unconfigured "32 KeyIDs" "refused it a SEAM range" "bit 11" \
	"SGX" "BIOS"
refused "seamrr=unconfigured msr=all:0xa0:0x12" "MSR 0xa0 = 0x12)" MCHECK
refused "seamrr=unconfigured keyids=63:0" "no SEAM range and no private KeyIDs" \
	"enable TME-MT"
refused seamrr=unlocked "unlocked" "bit 10" "BIOS"
refused msr=all:0xfe:0x508 "virtual machine" "bit 15"
refused msr=all:0x982:0 "memory encryption is not active" "TME" "BIOS"
refused msr=all:0x1b:0xfee00800 "x2APIC" "BIOS"

# Each CPU is asked, and the one that differs is named.
refused msr=2:0x87:0x100000003f "CPU 2" "IA32_MKTME_KEYID_PARTITIONING" \
	"0x100000003f" "0x200000001f"
refused msr=3:0x982:0x3 "CPU 3" "IA32_TME_ACTIVATE"
refused msr=1:0x1401:0 "CPU 1" "IA32_SEAMRR_PHYS_MASK"

# What the TDX module finds wrong: an option of the BIOS by its name.
limited=:0x80000008:0:0x392e:0x200:0:0
new_machine cpuid=0$limited,1$limited,2$limited,3$limited
modprobe tdx_host init=load
check_is "46 address bits: state" failed "$(value state)"
check "46 address bits: last_error" error_says TDX_INCORRECT_CPUID_VALUE \
	"leaf 0x80000008" "Limit CPU PA to 46 bits"
sane
