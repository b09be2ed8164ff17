# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC3028 # guest.sh and tdx.sh are sourced before; busybox has RANDOM
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: TDs that live on a busy machine, whose CPUs come and go, are lost, or leave pages and KeyIDs behind

# td-stress-long is the same for longer.
: "${SECONDS_OF_STRESS:=20}"
# shellcheck source=/dev/null
. /vm/td.sh

uptime()
{
	cut -d . -f 1 /proc/uptime
}

# one_of WORD... - one of them, by chance
one_of()
{
	shift $((RANDOM % $#))
	echo "$1"
}

# disturb - what a real machine does to TDs, and KVM, and the TDX module
disturb()
{
	# Both packages keep a CPU.
	for cpu in $(one_of "1 2" "1 3" 1 2 3); do
		cpu "$cpu" off
	done
	emul "interrupt all $((RANDOM % 50))"
	emul "nmi all $((RANDOM % 20))"
	# OPERAND_BUSY, each time up to four times in a row, after some calls.
	leaf=$(one_of 0 1 2 4 5 6 7 9 10 16 17 18 19 20 22 28 29 38 40 41)
	emul "inject $leaf:0:0"
	emul "inject $leaf:0x8000020000000000:$((RANDOM % 4 + 1)):$((RANDOM % 8))"
	for cpu in 1 2 3; do
		[ "$(cat /sys/devices/system/cpu/cpu$cpu/online)" = 1 ] ||
			cpu $cpu on
	done
}

check "TDX is up" modprobe tdx_host init=load
emul vmx_held all
end=$(($(uptime) + SECONDS_OF_STRESS))
while [ "$(uptime)" -lt $end ]; do
	disturb
done 2>/tmp/disturbed &
disturbing=$!
rounds=0
failed_rounds=0
clean_rounds=0
while [ "$(uptime)" -lt $end ]; do
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
wait $disturbing
note "$rounds rounds of 40 TDs"
check "there were rounds" test $rounds -gt 0
check_is "every TD lived" 0 $failed_rounds
check_is "nothing else was said" "" "$(told |
	grep -v '0 pages, 0 KeyIDs outstanding$' |
	grep -vE '^(TDX is ready|40 TDs made, run and destroyed)')"
check_is "each round left nothing" $rounds $clean_rounds
check_is "all disturbances worked" "" "$(cat /tmp/disturbed)"
nothing_left
sane
