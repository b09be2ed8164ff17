# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2086 # tdcall.sh has them, without blanks
#
# guest-no-td - a TDCALL where there is no TD is a status, whoever makes it
#
# what would break for a user: a guest module oopses on a machine that is no TD
#
# vm: --timeout 600
#
# shellcheck source=/dev/null
. /vm/tdcall.sh

check "tdx_guest_call loads where there is no TD" modprobe tdx_guest_call
modprobe tdx_tdcall_test

# The outputs of tdcall_regs.c before a call, by their place.
unchanged()	# PATTERN
{
	_i=0
	for _r in rcx rdx r8 r9 r10 r11 r12 r13 r14 r15 rbx rdi rsi; do
		[ "$(of "$TDCALL/registers" "out $_r")" = \
		  "$(printf '0x5a5a5a5a%08x' $(($1 + _i)))" ] || return 1
		_i=$((_i + 1))
	done
}

for shape in "module 4" "module- 4" "module_saved 4" \
	     hypercall hypercall- hypercall= \
	     hypercall_saved hypercall_saved- hypercall_saved=; do
	echo "$shape" >"$TDCALL/registers"
	check_is "$shape: #UD is a status" $UD "$(of "$TDCALL/registers" status)"
	check_is "$shape: callee-saved registers" yes \
		"$(of "$TDCALL/registers" kept)"
	case $shape in
	*-*|module*)	;;
	*)	check_is "$shape: the rest is scrubbed" yes \
			"$(of "$TDCALL/registers" scrubbed)" ;;
	esac
	case $shape in
	*-*)	;;
	module_saved*|*=*)
		check "$shape: registers are as before" unchanged 0x100 ;;
	*)	check "$shape: outputs are as before" unchanged 0x200 ;;
	esac
done
echo "module 0 rcx=0xfc00" >"$TDCALL/registers"
check_is "module: TDG.VP.VMCALL is refused without a TDCALL" $RAX \
	"$(of "$TDCALL/registers" status)"

for call in "page_accept 0 0" "page_accept 0 1" "report 0 0 0" \
	    "rtmr_extend 0 0" "vm_rd 0" "vp_rd 0" "sys_rd 0" "vm_walk 0" \
	    "vp_walk 0" "sys_walk 0" veinfo_get "cpuidve_set 0" vp_info; do
	echo "$call" >"$TDCALL/inline"
	check_is "$call: #UD is a status" $UD "$(of "$TDCALL/inline" status)"
done
check "tdx_guest_call goes" rmmod tdx_tdcall_test tdx_guest_call
sane
