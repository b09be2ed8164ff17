# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# stack-trace - a stack taken inside SEAMCALL shows who called
#
# vm: --smp 2 --emul

modprobe tdx_host
modprobe tdx_test

# traced FUNCTION... - they follow each other in the stack, callee first
traced()
{
	# Whether the window has a frame of its own is up to the compiler.
	sed -e 's/[+.].*//' -e '/^seamcall_in_window$/d' "$EMUL/trace" >/tmp/stack
	cat "$EMUL/trace"
	_at=$(grep -nx "$1" /tmp/stack | head -n 1 | cut -d : -f 1)
	for _f; do
		[ -n "$_at" ] && [ "$(sed -n "${_at}p" /tmp/stack)" = "$_f" ] ||
			return 1
		_at=$((_at + 1))
	done
}

emul trace 35
on_cpus 1 >/dev/null
check "TDH.SYS.LP.INIT: the call path is in the stack" \
	traced tdx_host_seamcall_ret seamcall_once
check "and whoever asked for it" grep -q '^enable_here+' "$EMUL/trace"

emul vmx_held 1
for shape in thin ret saved; do
	case $shape in
	thin)	f=tdx_host_seamcall ;;
	ret)	f=tdx_host_seamcall_ret ;;
	saved)	f=tdx_host_seamcall_saved_ret ;;
	esac
	emul trace 34
	echo "$shape 1 34" >"$TEST/seamcall"
	check "$shape: the caller follows" traced "$f" "test_call_$shape"
	check "$shape: and so does what called it" \
		grep -qE 'smp_call_function' /tmp/stack
done
