# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# concurrent - any number of callers, one bring-up
#
# vm: --smp 4,sockets=2 --emul call_ns=200000

modprobe tdx_host
modprobe tdx_test
echo 1 >"$TDX/enable" &
echo 1 >"$TDX/enable" &
echo 32 >"$TEST/enable"
wait
check_is "32 threads all succeed" "ok 32
failed 0
first_error 0" "$(head -n 3 "$TEST/enable")"
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
check_is "TDH.SYS.INIT once" 1 "$(calls 33)"
check_is "TDH.SYS.LP.INIT once a CPU" 4 "$(calls 35)"

# All CPUs at once, from interrupts, on a module that knows nothing yet.
modprobe tdx_test
check_is "asked again nothing happens" "0 0
1 0
2 0
3 0" "$(on_cpus 0-3)"
check_is "still once a CPU" 4 "$(calls 35)"
sane
