# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: tdx-host enable cannot be interrupted, or does not
# say that the work goes on, or how it ended
#
# vm: --smp 2 --emul version=2.0 tdmr_init_ns=100000000

# shellcheck source=/dev/null
. /vm/tool.sh

# is_parent PID - has it a child? That of the tool is in the write.
is_parent()
{
	grep -qs "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status
}

tool enable
check_is "not loaded: exit status" 8 "$code"
modprobe tdx_host
emul inject 33:0x8000020300000000:100000
tool enable
check_is "a failure: exit status" 1 "$code"
check "a failure: errno and sentence" tool_says EAGAIN TDH.SYS.INIT \
	TDX_RND_NO_ENTROPY
emul inject 33:0:0

tool enable --timeout 0.5
check_is "--timeout: exit status" 9 "$code"
check "--timeout: it goes on" tool_says "initialisation goes on"
check_is "and it does" initializing "$(value state)"
tool status
check_is "initializing: exit status of status" 4 "$code"
tool doctor
check "initializing: doctor does not wait, and finds nothing wrong" \
	tool_says ", 0 failed,"
tdx-host watch --timeout 3 --json >/tmp/watched
check "watch sees SEAMCALLs" grep -q '"leaf":"TDH.SYS.TDMR.INIT"' /tmp/watched

tdx-host enable >/tmp/said 2>&1 &
pid=$!
check "it waits" within 60 is_parent $pid
kill -INT $pid
code=0
wait $pid || code=$?
said=$(cat /tmp/said)
check_is "Ctrl-C: exit status" 4 "$code"
check "Ctrl-C: it goes on" tool_says "Interrupted; initialisation goes on."
emul tdmr_init_ns 0
tool wait
check_is "wait: exit status" 0 "$code"
check_is "TDX is ready" ready "$(value state)"
tool enable
check "enable once more" tool_says "TDX is ready on CPU 0-1."

tool report
check_is "report: exit status" 0 "$code"
check "report: all parts" tool_says "## Versions" "state ready" \
	"## CMRs" "## TDMRs" "TDH.SYS.TDMR.INIT" "tdx_host: "
tool disable
check_is "disable: exit status" 0 "$code"
check_is "state" detected "$(value state)"
sane
