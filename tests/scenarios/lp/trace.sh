# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --emul call_ns=5000000
#
# what would break for a user: a trace that does not say which call was slow, and where

TRACING=/sys/kernel/tracing
counts=no

# hist KEY... - what the histogram of TDH.SYS.LP.INIT adds up to
hist()
{
	sed -n 's/^{ *leaf: *\([0-9]*\), cpu: *\([0-9]*\) *} hitcount: *\([0-9]*\).*$/\1 \2 \3/p' \
		$TRACING/events/tdx_host/seamcall_exit/hist | grep "^35 " | sort
}

# lasted - every call of TDH.SYS.LP.INIT took what the emulator needs for it
lasted()
{
	awk '/seamcall_exit: TDH.SYS.LP.INIT / {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^ns=/) {
				print
				ns = substr($i, 4) + 0
				n += ns > 1000000 && ns < 2e9
			}
	}
	END { exit n != 2 }' /tmp/trace
}

# own_cpu - the record names the CPU on which the kernel wrote it
own_cpu()
{
	awk '/seamcall_(enter|exit): / {
		split($0, at, /[][]/)
		match($0, /cpu=[0-9]+/)
		n++
		bad += at[2] + 0 != substr($0, RSTART + 4, RLENGTH - 4)
	}
	END { exit !n || bad }' /tmp/trace
}

[ -d $TRACING/events ] || mount -t tracefs tracefs $TRACING
modprobe tdx_host
# Every stock kernel has it; a debugging kernel is built without, to be small.
if [ -e $TRACING/events/tdx_host/seamcall_exit/hist ]; then
	counts=yes
	echo 'hist:keys=leaf,cpu' >$TRACING/events/tdx_host/seamcall_exit/trigger
fi
echo 1 >$TRACING/events/tdx_host/enable
check "enable" sh -c "echo 1 >$TDX/enable"
echo 0 >$TRACING/events/tdx_host/enable
cp $TRACING/trace /tmp/trace

check "there is a line for each call, with its number" grep -Eq \
	'seamcall_enter: TDH.SYS.INIT leaf=33 cpu=[01] rcx=' /tmp/trace
check "and one for its end, with its status" grep -Eq \
	'seamcall_exit: TDH.SYS.INIT leaf=33 cpu=[01] ns=[0-9]+ -> TDX_SUCCESS ' \
	/tmp/trace
check "which says how long it took" lasted
check "and where" own_cpu
[ "$counts" = no ] ||
	check_is "numbers can be counted by the kernel" "35 0 1
35 1 1" "$(hist)"
echo 'leaf == 33 && ns > 0 && cpu < 2' \
	>$TRACING/events/tdx_host/seamcall_exit/filter
check_is "and filtered" "leaf == 33 && ns > 0 && cpu < 2" \
	"$(cat $TRACING/events/tdx_host/seamcall_exit/filter)"
sane
