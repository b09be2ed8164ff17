# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: TDs that live on a busy machine, whose CPUs come and go, are lost, or leave pages and KeyIDs behind

# td-stress-long is the same for longer.
: "${SECONDS_OF_STRESS:=20}"
# shellcheck source=/dev/null
. /vm/td.sh

# shellcheck source=SCRIPTDIR/../../vm/guest/soak.sh
. /vm/soak.sh
# What a real machine does to TDs, and KVM, and the TDX module.
soak_kinds='cpu busy interrupt nmi'
TRANSIENT=$TRANSIENT_TD
soak_threads=1
soak_seconds=$SECONDS_OF_STRESS

check "TDX is up" modprobe tdx_host init=load
emul vmx_held all
soak >/tmp/soaked &
disturbing=$!
rounds=0
failed_rounds=0
clean_rounds=0
while [ ! -e /tmp/soak/end ]; do
	# Every other round VMX operation is held for the TDs.
	modprobe tdx_consumer tds=40 threads=4 holds_vmx=$((rounds % 2)) ||
		failed_rounds=$((failed_rounds + 1))
	# Each time, for the log does not hold all of them.
	[ "$(told | tail -n 1)" != \
		'TDs destroyed: 0 pages, 0 KeyIDs outstanding' ] ||
		clean_rounds=$((clean_rounds + 1))
	rmmod tdx_consumer
	rounds=$((rounds + 1))
done 2>/dev/null
check "disturbances came to their end" wait $disturbing
soaked
note "$rounds rounds of 40 TDs"
check "there were rounds" test $rounds -gt 0
check_is "every TD lived" 0 $failed_rounds
check_is "nothing else was said" "" "$(told |
	grep -v '0 pages, 0 KeyIDs outstanding$' |
	grep -vE '^(TDX is ready|40 TDs made, run and destroyed)')"
check_is "each round left nothing" $rounds $clean_rounds
check_is "all disturbances worked" "" "$(cat /tmp/soaked /tmp/soak/said.*)"
nothing_left
sane
