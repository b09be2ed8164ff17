# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# lp-fatal - one CPU that the TDX module refuses is named, with the reason
#
# vm: --smp 4,sockets=2 --emul inject=35:0xc000092000000982:1:0:2

check "modprobe init=load" modprobe tdx_host init=load
check_is "state" failed "$(value state)"
check "last_error names CPU, leaf, status and MSR" \
	error_says "CPU 2" TDH.SYS.LP.INIT TDX_INCONSISTENT_MSR "MSR 0x982"
check_is "the others are initialised" 0-1,3 "$(value cpus_ready)"
check "enable may be asked again" sh -c "echo 1 >$TDX/enable"
check_is "and all are" 0-3 "$(value cpus_ready)"
check_is "TDH.SYS.INIT once" 1 "$(calls 33)"
check_is "TDH.SYS.LP.INIT once a CPU and once more" 5 "$(calls 35)"
sane
