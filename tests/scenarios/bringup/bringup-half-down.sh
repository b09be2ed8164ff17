# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 512M --emul version=2.0
#
# what would break for a user: a TDX module that is half shut down counts as ready, and every TD that is created fails

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/hotplug.sh

PAUSE=/sys/kernel/debug/tdx_pause
CLIENT=/sys/kernel/debug/tdx_client
HALF="TDH.SYS.DISABLE began and did not end"

# give_back - whatever KeyIDs are out
give_back()
{
	while read -r _id; do
		echo "$_id" >$CLIENT/keyids || return 1
	done <$CLIENT/keyids
}

# half_down - the state after that: nobody gets anything, nothing is given back
half_down()
{
	check_is "state" failed "$(value state)"
	check "last_error says that only a reset helps" \
		error_says "$HALF" "reset the platform"
	check_is "no KeyID is given out" "No such device" \
		"$(sys_write $CLIENT/keyids alloc)"
	check_is "bring-up is refused" "Input/output error" "$(ask 1)"
	check "with the same sentence" error_says "$HALF" "reset the platform"
	check_is "state" failed "$(value state)"
	check "PAMTs stay with the TDX module" test "$(value pamt_kb)" -gt 0
	check "and tdx_host with them" not rmmod tdx_host
	give_back
}

check "tdx_host loads" modprobe tdx_host || exit
modprobe tdx_pause
modprobe tdx_client
check "bring-up" gets_ready

# It failed before it began: nothing has happened.
emul inject 69:0xc000010000000001:1
check_is "shutdown is refused" "Invalid argument" "$(ask 0)"
check "and says why" error_says TDH.SYS.DISABLE TDX_OPERAND_INVALID
check_is "state" ready "$(value state)"
check "KeyIDs are given out" sh -c "echo alloc >$CLIENT/keyids"
check "and come back" give_back

# Interrupted now and then it goes on.
emul interrupt all 100
dmesg_mark
check_is "a shutdown that is interrupted 100 times succeeds" ok "$(ask 0)"
check_is "state" detected "$(value state)"
check "the log says what TDX needs to come back" \
	dmesg_has 'shut down.*reset the platform'
check_is "bring-up fails" "Input/output error" "$(ask 1)"
check "and says that, too" error_says TDX_SYS_SHUTDOWN "reset the platform"
emul module fresh
check "bring-up with a TDX module loaded anew" gets_ready

# Interrupted all the time, until patience ends.
emul interrupt all always
dmesg_mark
check_is "a shutdown that does not end fails" "Input/output error" "$(ask 0)"
check "the log says why" dmesg_has 'SYS.DISABLE: TDX_INTERRUPTED_RESUMABLE'
half_down
emul interrupt all 0
check_is "asked to, it goes on where it was" ok "$(ask 0)"
check_is "and memory is back" "detected 0" "$(value state) $(value pamt_kb)"
emul module fresh
check "bring-up with a TDX module loaded anew" gets_ready

# A final failure in the middle.
emul interrupt all 1
emul inject 69:0xc000010000000001:1:1
dmesg_mark
check_is "a shutdown that fails in the middle fails" "Input/output error" \
	"$(ask 0)"
check "the log says why" dmesg_has 'SYS.DISABLE: TDX_OPERAND_INVALID'
half_down
check_is "asked to, it goes on where it was" ok "$(ask 0)"
emul module fresh
check "bring-up with a TDX module loaded anew" gets_ready

# Who asked for a KeyID while TDX was ready, and gets it when TDX is gone.
echo packages_check >$PAUSE/at
sys_write $CLIENT/keyids alloc >/tmp/alloc &
alloc=$!
check "a KeyID is asked for" within 20 grep -q . $PAUSE/at
check_is "shutdown" ok "$(ask 0)"
echo 1 >$PAUSE/go
wait $alloc
check_is "none is given out" "No such device" "$(cat /tmp/alloc)"
check_is "none is out" "$(value keyid/guest_count)" \
	"$(value keyid/guest_free)"
rmmod tdx_pause
rmmod tdx_client
sane
