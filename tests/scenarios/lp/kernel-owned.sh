# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# kernel-owned - where the kernel drives TDX itself tdx_host does not load
#
# vm: --emul

modprobe tdx_owner
dmesg_mark
check "modprobe is refused" not modprobe tdx_host
check "with a sentence" dmesg_has -l err \
	'tdx_host: this kernel drives TDX itself.*CONFIG_INTEL_TDX_HOST'
check "nothing stays behind" not test -e "$TDX" -o -e /sys/module/tdx_host
check_is "no SEAMCALL was made" 0 "$(counter seamcalls)"
rmmod tdx_owner
check "where it does not, it loads" modprobe tdx_host
check_is "state" detected "$(value state)"
sane
