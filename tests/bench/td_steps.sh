# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # what it sources defines the rest
#
# td_steps.sh ROUNDS "VCPUS PAGES"... - measure in the guest what a TD costs: a
# TD for each pair, PAGES added and as many more augmented. Prints lines
# "VCPUS.PAGES.STEP.calls N" and "VCPUS.PAGES.STEP.ns N" for each step, and for
# TDs whose SEAMCALLs are traced "traced.STEP.ns N" and "outside.STEP.ns N", the
# latter without the time in SEAMCALL.
set -eu

# shellcheck source=/dev/null
. /vm/tdx.sh
STEPS=/sys/kernel/debug/tdx_td_bench/td
TRACING=/sys/kernel/tracing

# step WORD... - sets calls, how many SEAMCALLs it took, and ns
step()
{
	_calls=$(counter calls)
	echo "$*" >$STEPS
	calls=$(($(counter calls) - _calls))
	read -r ns <$STEPS
}

# told NAME WORD... - do a step, and say what it took
told()
{
	_name=$1
	shift
	step "$@"
	echo "$_name.$1.calls $calls"
	echo "$_name.$1.ns $ns"
}

# traced WORD... - do a step while its SEAMCALLs are traced
traced()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/tdx_host/seamcall_exit/enable
	step "$@"
	echo 0 >$TRACING/events/tdx_host/seamcall_exit/enable
	echo "traced.$1.ns $ns"
	awk -v all="$ns" '/seamcall_exit: / {
			for (i = 1; i <= NF; i++)
				if ($i ~ /^ns=/)
					inside += substr($i, 4)
		}
		END { print all - inside }' $TRACING/trace |
		sed "s/^/outside.$1.ns /"
}

rounds=$1
shift
modprobe tdx_td_bench
emul vmx_held all
while [ "$rounds" -gt 0 ]; do
	for pair in "$@"; do
		vcpus=${pair% *}
		pages=${pair#* }
		for words in "new $vcpus" "add $pages" finalize "aug $pages" \
			"remove $pages" end; do
			# shellcheck disable=SC2086 # words they are
			told "$vcpus.$pages" $words
		done
	done
	step new 1
	traced add "$pages"
	step finalize
	traced aug "$pages"
	traced remove "$pages"
	step end
	rounds=$((rounds - 1))
done
