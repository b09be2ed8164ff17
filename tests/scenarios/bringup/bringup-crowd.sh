# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 512M --emul version=2.0
#
# what would break for a user: two programs that want TDX at once, and one that is killed meanwhile

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/crowd.sh

check "tdx_host loads" modprobe tdx_host || exit
modprobe tdx_test
rounds=18
check "8 threads at once, $rounds rounds with transient failures: one initialisation each, all agree" \
	rounds

# Final failures: the call is held up, so that all 8 wait for the same one.
emul call_ns 5000000
emul inject 45:0xc0000a0000000000:1
echo 8 >"$TEST/enable"
emul call_ns 0
check_is "all who waited for a bring-up that failed get its result" \
	"ok 0
failed 8
first_error -5" "$(head -n 3 "$TEST/enable")"

# The worker goes on when all who asked for it are gone.
emul tdmr_init_ns 5000000
echo 1 >"$TDX/enable" &
killed=$!
within 20 grep -q initializing "$TDX/state"
echo 1 >"$TDX/enable" &
waiter=$!
kill -9 $killed
check "a caller can be killed while it waits" not wait $killed
check "bring-up is still under way" grep -q initializing "$TDX/state"
check "who else waited gets his result" wait $waiter
check "and TDX is ready" is_ready
emul tdmr_init_ns 0
check "it can be shut down" fresh_module

emul tdmr_init_ns 5000000
echo 1 >"$TDX/enable" &
killed=$!
within 20 grep -q initializing "$TDX/state"
kill -9 $killed
check "the only caller is killed" not wait $killed
check "bring-up comes to its end all the same" within 30 is_ready
check "the TDX module's memory is as it left it" untouched
sane
