# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 1G --emul version=2.0
# very long
#
# what would break for a user: any failure of any SEAMCALL of bring-up, as in bringup-inject

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/inject.sh

check "tdx_host loads" modprobe tdx_host || exit
all_rows
check "five transient failures in a row at any step do not fail bring-up" \
	transients
note "$done_rows kinds of them"
check "and it can be used" gets_ready
check "its memory is as it left it" untouched

# Another kernel had it, and kexec brought this one: the TDX module says so at
# once, and to each CPU.
new_machine_2()
{
	fresh_module && new_machine version=2.0 && modprobe tdx_host
}
check "the machine starts again" new_machine_2
emul inject 33:0xc000050000000000:1
check "a TDX module that somebody else had initialised is no success" \
	not gets_ready
check "and last_error names the reset that alone helps" \
	error_says TDH.SYS.LP.INIT TDX_SYS_LP_INIT_NOT_PENDING "reset the platform"
sane
