# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# bring-up - the module loads, finds TDX, takes the TDX module to ready, and
# what is exported to other modules can be linked against
#
# vm: --smp 4,sockets=2 --emul version=2.0

check "modprobe succeeds" modprobe tdx_host
check_is "state" detected "$(value state)"
check_is "last_error is empty" "" "$(value last_error)"
check "TDX comes up" sh -c "echo 1 >$TDX/enable"
check_is "state" ready "$(value state)"
check_is "progress" 100 "$(value progress)"
check_is "all CPUs are initialised" 0-3 "$(value cpus_ready)"
check "memory is TDX memory" test "$(value tdx_memory_kb)" -gt 500000
check "PAMTs are allocated" test "$(value pamt_kb)" -gt 1000
check "a module that uses the exports loads" modprobe tdx_test
check_is "a CPU that goes is not listed" 0-2 "$(cpu 3 off; value cpus_ready)"
check_is "and is again when it is back" 0-3 "$(cpu 3 on; value cpus_ready)"
check_is "the PAMTs are the TDX module's alone" "pages_corrupt 0" \
	"$(tail -n 1 "$EMUL/verify")"
check "TDX shuts down" sh -c "echo 0 >$TDX/enable"
check_is "state" detected "$(value state)"
check "everything can be unloaded" unload
sane
