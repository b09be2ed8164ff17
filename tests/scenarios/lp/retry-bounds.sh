# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --emul
#
# what would break for a user: a CPU would be dead for seconds, interrupts off, in a SEAMCALL that gives way to an interrupt again and again

# bounded NAME STATUS - a leaf says STATUS for ever, to a caller with interrupts
# off: it gets STATUS back after a few tries
bounded()
{
	echo "inject 40:$2:1000000000" >"$EMUL/control"
	_before=$(calls 40)
	# Leaf 40 is TDH.PHYMEM.CACHE.WB; tdx_test calls in an interrupt.
	echo "call 0 40" >"$TEST/seamcall"
	check_is "$1: the caller is told" "$2" \
		"$(sed -n '1s/^status //p' "$TEST/seamcall")"
	check "$1: after 8 tries or less" \
		test $(($(calls 40) - _before)) -le 9
	echo "inject 40:0:0" >"$EMUL/control"
}

check "TDX comes up" modprobe tdx_host init=load
check "tdx_test" modprobe tdx_test
bounded TDX_INTERRUPTED_RESUMABLE 0x8000000300000000
bounded TDX_OPERAND_BUSY 0x8000020000000000
sane
