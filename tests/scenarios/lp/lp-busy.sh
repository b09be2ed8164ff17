# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# lp-busy - contention for the global lock, real and while it lasts
#
# vm: --smp 4,sockets=2 --emul lps=5

# LP 4 has no CPU of ours: somebody inside the module for as long as we say.
emul hold global-exclusive 4
modprobe tdx_host
modprobe tdx_test
sh -c "sleep 1; echo 'release global-exclusive 4' >$EMUL/control" &
check_is "tdx_host_cpu_enable() gives up soon, and says try again" \
	"0 -11" "$(on_cpus 0)"
check "last_error names leaf, status and CPU" \
	error_says TDH.SYS.INIT TDX_SYS_BUSY "CPU 0"
wait
check_is "it is forgotten when the lock is free" "0 0
1 0
2 0
3 0" "$(on_cpus 0-3)"
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
check_is "TDH.SYS.LP.INIT once a CPU" 4 "$(calls 35)"
sane
