# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# cpu-online - CPUs that come online later are initialised by themselves
#
# vm: --smp 4 --emul

check "CPU 3 goes off" cpu 3 off
modprobe tdx_host
check "nobody asked for TDX: a CPU comes" cpu 3 on
check_is "and is left alone" 0 "$(counter seamcalls)"
check "CPU 3 goes off again" cpu 3 off
modprobe tdx_test
check_is "the others are asked for" "0 0
1 0
2 0" "$(on_cpus 0-2)"
check_is "cpus_ready" 0-2 "$(value cpus_ready)"
check_is "an offline CPU is not" "3 -6" "$(on_cpus 3)"

check "CPU 3 comes on" cpu 3 on
check_is "and is initialised" 0-3 "$(value cpus_ready)"
check_is "TDH.SYS.LP.INIT once a CPU" 4 "$(calls 35)"
check "CPU 2 goes off" cpu 2 off
check_is "it is not ready meanwhile" 0-1,3 "$(value cpus_ready)"
check "CPU 2 comes back" cpu 2 on
check_is "it is ready" 0-3 "$(value cpus_ready)"
check_is "without another TDH.SYS.LP.INIT" 4 "$(calls 35)"
sane
