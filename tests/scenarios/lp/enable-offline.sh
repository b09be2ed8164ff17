# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# enable-offline - bring-up wants every present CPU, and says which is missing
#
# vm: --smp 4,sockets=2 --emul

check "CPU 1 goes off" cpu 1 off
check "CPU 3 goes off" cpu 3 off
modprobe tdx_host
check "enable is refused" not sh -c "echo 1 >$TDX/enable"
check_is "state" failed "$(value state)"
check "last_error names the CPUs and the cure" error_says "CPU 1,3" online
check_is "the TDX module was not touched" 0 "$(counter seamcalls)"
cpu 1 on
cpu 3 on

# A CPU that was off while its package got the key is no package without one.
emul inject 31:0xc000050600000000:1
check "KEY.CONFIG fails" not sh -c "echo 1 >$TDX/enable"
check "CPU 1 goes off" cpu 1 off
emul inject 36:0xc000010000000001:1
check "then TDMR.INIT fails" not sh -c "echo 1 >$TDX/enable"
check "last_error says so" error_says TDH.SYS.TDMR.INIT
check_is "each package has its key" 2 "$(counter pkgs_done)"
cpu 1 on
check "with all CPUs on enable succeeds" sh -c "echo 1 >$TDX/enable"
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
check_is "last_error is empty" "" "$(value last_error)"
sane
