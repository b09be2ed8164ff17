# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul version=2.0
#
# what would break for a user: TDs that are alive when TDX is shut down could not be destroyed in time, or a module that comes late would never hear that TDX is ready

# shellcheck source=/dev/null
. /vm/td.sh
# shellcheck source=/dev/null
. /vm/hotplug.sh

LIST=/sys/kernel/debug/tdx_host/keyids
CLIENT=/sys/kernel/debug/tdx_client

# free_keyids - how many of all
free_keyids()
{
	echo "$(value keyid/guest_free) of $(value keyid/guest_count)"
}

check "TDs are made, and held" modprobe tdx_consumer hold=1 tds=3 threads=3
check_is "they live" "3 28 of 31" "$(counter tds) $(free_keyids)"
check_is "debugfs knows who has their KeyIDs" "33 [tdx_consumer]
34 [tdx_consumer]
35 [tdx_consumer]" "$(sed 's/ .*\(\[.*\]\)$/ \1/' $LIST)"
sed 's/^/# /' $LIST

check_is "TDX is shut down, with all of them alive" "" \
	"$(sys_write "$TDX/enable" 0)"
check_is "they were destroyed before" \
	"TDs destroyed: 0 pages, 0 KeyIDs outstanding" "$(told | tail -n 1)"
check_is "state" detected "$(value state)"
check_is "debugfs has none" "" "$(cat $LIST)"
nothing_left
check "rmmod tdx_consumer" rmmod tdx_consumer

emul module fresh
check "enable" sh -c "echo 1 >$TDX/enable"
check "TDs are held again" modprobe tdx_consumer hold=1 tds=2
check_is "they live" "2 29 of 31" "$(counter tds) $(free_keyids)"
check "rmmod tdx_consumer" rmmod tdx_consumer
check_is "they went with the module" \
	"TDs destroyed: 0 pages, 0 KeyIDs outstanding" "$(told | tail -n 1)"
nothing_left

# The news comes while TDs are being made, by threads that have to get out of it.
made=$(calls 17)
modprobe tdx_consumer tds=2000 threads=3 &
check "many TDs are on their way" within 60 sh -c \
	"[ \$(sed -n 's/^17 //p' $EMUL/calls) -gt $((made + 20)) ]"
check_is "TDX is shut down" "" "$(sys_write "$TDX/enable" 0)"
check "modprobe fails" not wait $!
check_is "the TDs are gone" "TDs destroyed: 0 pages, 0 KeyIDs outstanding" \
	"$(told | tail -n 1)"
check_is "there was no time for 2000" yes \
	"$([ $(($(calls 17) - made)) -lt 2000 ] && echo yes)"
nothing_left
emul module fresh
check "enable" sh -c "echo 1 >$TDX/enable"

# Who does not heed the news.
modprobe tdx_client
check_is "who registers when TDX is ready hears so at once" ready \
	"$(cat $CLIENT/events)"
check "a KeyID is taken" sys_write $CLIENT/keyids alloc
check_is "with it TDX is not shut down" "Device or resource busy" \
	"$(sys_write "$TDX/enable" 0)"
check "and it is said who has it" error_says \
	"1 KeyIDs, KeyID 33 by " " [tdx_client]); destroy those TDs"
check_is "those who heard of it hear that it did not come to that" "ready
going-down
ready" "$(cat $CLIENT/events)"
check_is "TDX is ready" ready "$(value state)"
check "and a TD can be made" modprobe tdx_consumer
rmmod tdx_consumer
check "the KeyID is given back" sys_write $CLIENT/keyids 33
check_is "now it can be shut down" "" "$(sys_write "$TDX/enable" 0)"
check_is "state" detected "$(value state)"
sane
