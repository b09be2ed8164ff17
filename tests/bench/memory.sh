# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # what it sources defines the rest
#
# memory.sh ROUNDS - measure in the guest what tdx_host holds, how long it takes
# to load, and LP.INIT. Prints lines "NAME NUMBER", in each round one of a name:
# bytes, or nanoseconds.
set -eu

# shellcheck source=/dev/null
. /vm/tdx.sh
# shellcheck source=/dev/null
. /vm/bringup.sh
TRACING=/sys/kernel/tracing

# held - sets held, the bytes that the kernel uses itself
held()
{
	# Some slabs cannot be shrunk.
	held=$(set +e; kernel_memory |
		awk '{ kb += $2 } END { print kb * 1024 }')
}

# lp_init - what the trace has of TDH.SYS.LP.INIT: "SPAN SUM" in nanoseconds, from
# the first call's begin to the last one's end, and of all together
lp_init()
{
	awk '/seamcall_exit: TDH.SYS.LP.INIT / {
			for (i = 1; i <= NF; i++) {
				if ($i ~ /^[0-9]+\.[0-9]+:$/)
					end = $i * 1e9
				if ($i ~ /^ns=/)
					ns = substr($i, 4) + 0
			}
			if (!n++ || end - ns < first)
				first = end - ns
			if (end > last)
				last = end
			sum += ns
		}
		END { printf "%.0f %.0f\n", last - first, sum }' $TRACING/trace
}

# traced COMMAND... - with the events of tdx_host in the trace
traced()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/tdx_host/seamcall_exit/enable
	"$@"
	echo 0 >$TRACING/events/tdx_host/seamcall_exit/enable
}

bring_up()
{
	echo 1 >"$TDX/enable"
}

one_by_one()
{
	for _cpu in 0 1; do
		echo $_cpu >"$TEST/cpu_enable"
	done
}

# What the kernel makes once, when it traces and when a module comes for the first
# time, is not ours.
modprobe tdx_host
traced true
rmmod tdx_host
held
before=$held
echo 1 >$TRACING/events/initcall/enable
modprobe tdx_host
echo 0 >$TRACING/events/initcall/enable
# Nobody else loads anything; the function has no name any more.
awk '/initcall_(start|finish): / {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^[0-9]+\.[0-9]+:$/)
				at = $i * 1e9
		if (/initcall_start/)
			begin = at
		else
			print "load", int(at - begin)
	}' $TRACING/trace
held
echo "idle $((held - before))"
awk '$1 == "tdx_host" { print "module", $2 }' /proc/modules
bring_up
held
echo "ready $((held - before))"
echo "covered_256 $(($(covered_kb) * 1024 / 256))"
is_ready
fresh_module

rounds=$1
modprobe tdx_test
emul call_ns 20000000
while [ "$rounds" -gt 0 ]; do
	traced one_by_one
	lp_init | sed 's/.* /one_by_one /'
	bring_up
	fresh_module
	traced bring_up
	lp_init | sed 's/ .*//; s/^/at_once /'
	fresh_module
	rounds=$((rounds - 1))
done
