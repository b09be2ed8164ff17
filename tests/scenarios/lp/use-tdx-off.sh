# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# use-tdx-off - the parameter leaves TDX alone, whoever asks
#
# vm: --smp 2 --emul

check "modprobe use_tdx=off init=load succeeds" \
	modprobe tdx_host use_tdx=off init=load
check_is "state" disabled "$(value state)"
check_is "the parameter can be read" off \
	"$(cat /sys/module/tdx_host/parameters/use_tdx)"
check "enable is refused" not sh -c "echo 1 >$TDX/enable"
modprobe tdx_test
check_is "tdx_host_cpu_enable() is ENODEV" "0 -19
1 -19" "$(on_cpus 0-1)"
check "a CPU goes off" cpu 1 off
check "and on" cpu 1 on
check_is "state is still" disabled "$(value state)"
check_is "no SEAMCALL was made" 0 "$(counter seamcalls)"
check "rmmod" unload
