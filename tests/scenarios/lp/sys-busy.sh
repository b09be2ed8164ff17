# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# sys-busy - a busy TDX module is waited for, which is nobody's concern
#
# vm: --smp 4,sockets=2 --emul inject=33:0x8000020200000000:5

dmesg_mark
check "modprobe init=load" modprobe tdx_host init=load
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
check_is "last_error is empty" "" "$(value last_error)"
check "dmesg tells of it at debug level" \
	dmesg_has -l debug 'TDH\.SYS\.INIT.*TDX_SYS_BUSY'
check "and at no other" dmesg_lacks -l info+ 'BUSY'
check_is "five tries were wasted" 6 "$(calls 33)"
sane
