# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# no-tdx - an ordinary machine: loads, says why not, makes no SEAMCALL
#
# vm: --smp 2

modprobe tdx_watch

dmesg_mark
check "modprobe succeeds" modprobe tdx_host
check_is "state" unsupported "$(value state)"
check "last_error says why and what to do" \
	error_says "virtual machine" "IA32_MTRRCAP" "tests/vm/run --emul"
check "dmesg says it too" dmesg_has "tdx_host: this is a virtual machine"
check_is "no CPU is initialised" "" "$(value cpus_ready)"
check "there is no KeyID to show" not readable keyid/global
check "enable is refused" not sh -c "echo 1 >$TDX/enable"
check "a module that uses tdx_host loads" modprobe tdx_test
check_is "tdx_host_cpu_enable() is ENODEV" "0 -19
1 -19" "$(on_cpus 0-1)"
echo 2 >"$TEST/enable"
check_is "tdx_host_enable() is ENODEV" "first_error -19" \
	"$(grep first_error "$TEST/enable")"
check_is "no SEAMCALL was made" 0 "$(watched seamcall)"

# The count above means something, and the instruction does not hurt.
echo "thin 1 34" >"$TEST/seamcall"
check_is "a raw SEAMCALL is TDX_SEAMCALL_UD" "status 0x8000ff0000000006" \
	"$(grep status "$TEST/seamcall")"
check_is "and would have been counted" 1 "$(watched seamcall)"
check "rmmod" rmmod tdx_test tdx_host
sane
