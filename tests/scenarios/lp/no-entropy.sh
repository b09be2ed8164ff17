# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# no-entropy - an entropy source that is dry for ever ends the load in time,
# and nothing is remembered of it
#
# vm: --smp 4,sockets=2 --emul inject=35:0x8000020300000000:1000000

dmesg_mark
start=$(cut -d . -f 1 /proc/uptime)
check "modprobe init=load returns, successful" modprobe tdx_host init=load
took=$(($(cut -d . -f 1 /proc/uptime) - start))
check "within 10 s (it took $took s)" test "$took" -lt 10
check_is "state" failed "$(value state)"
check "last_error names leaf, status, CPU and remedy" \
	error_says TDH.SYS.LP.INIT TDX_RND_NO_ENTROPY "CPU "
check "the remedy is there" sh -c "grep -q ';' $TDX/last_error"
check_is "no CPU is ready" "" "$(value cpus_ready)"
check_is "one complaint in dmesg, not one a try" 1 \
	"$(dmesg_text -l err | grep -c TDX_RND_NO_ENTROPY)"

modprobe tdx_test
check_is "tdx_host_cpu_enable() is EAGAIN meanwhile" "1 -11" "$(on_cpus 1)"
emul inject 35:0:0
check_is "without a reload it succeeds when there is entropy" "0 0
1 0
2 0
3 0" "$(on_cpus 0-3)"
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
check "enable goes on where it stopped" sh -c "echo 1 >$TDX/enable"
check_is "last_error is empty" "" "$(value last_error)"

sane
