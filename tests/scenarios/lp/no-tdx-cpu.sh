# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --cpu max,-hypervisor
#
# what would break for a user: on a server without TDX one looks for a BIOS option that there is not

modprobe tdx_host
check_is "state" unsupported "$(value state)"
check "the CPU is named" error_says "this CPU has no SEAM range register" \
	"IA32_MTRRCAP" "use a CPU with TDX"
check "nobody talks of virtual machines" not error_says "virtual machine"
sane
