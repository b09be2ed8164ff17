# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a reboot hangs, with a TDX host in full work
#
# long
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 4,sockets=2 --mem 512M --reboot --timeout 1800
# vm: --append 'memmap=1M$0x18000000'
# vm: --emul version=2.0 erratum=partial-write

# power-reboot-long is the same with more.
: "${REBOOTS:=4}"
LOG=/sys/kernel/debug/tdx_recorder
modprobe tdx_recorder base=0x18000000

# Written before each reboot; the log survives it.
n=$(grep -c '^say reboot' "$LOG")
if [ "$n" -lt "$REBOOTS" ]; then
	modprobe tdx_host
	modprobe tdx_client
	# Every second time in the midst of bring-up, else with a rude
	# consumer: SEAMCALLs on every CPU that heed no news.
	if [ $((n % 2)) -eq 0 ]; then
		emul tdmr_init_ns 50000000
		{ echo 1 >"$TDX/enable"; } 2>/dev/null &
		check "bring-up runs" within 20 grep -q initializing "$TDX/state"
	else
		check "enable" sh -c "echo 1 >$TDX/enable"
		emul vmx_held all
		echo 4 >/sys/kernel/debug/tdx_client/hammer
		check "SEAMCALLs are made" within 20 grep -q ' [1-9]' \
			/sys/kernel/debug/tdx_client/hammer
	fi
	echo "reboot $n failed $vm_failed" >"$LOG"
	reboot -f
	sleep 60
	fail "it reboots"
	exit 1
fi

log=$(cat "$LOG")
echo clear >"$LOG"
printf '%s\n' "$log" | sed 's/^/# log: /' | sort | uniq -c | sort -rn |
	head -n 20
check_is "it came back after each of $REBOOTS reboots" "$REBOOTS" \
	"$(printf '%s\n' "$log" | grep -c '^say reboot .* failed 0$')"
# Once in bring-up before TDH.SYS.CONFIG there is nothing to disable.
check "TDX was shut down before" test \
	"$(printf '%s\n' "$log" | grep -c '^disable 0x0$')" -ge $((REBOOTS / 2))
check_is "who made a SEAMCALL after that got -ESHUTDOWN, every time" \
	"$REBOOTS" "$(printf '%s\n' "$log" | grep -c '^say late -108 -108 -108 -108$')"
case $emul_args in
*erratum=partial-write*)
	check_is "no line was ever left that is private, or poisoned" \
		"$REBOOTS" "$(printf '%s\n' "$log" | grep -c '^erratum 0 0$')"
	check_is "where it is looked at" "$REBOOTS" \
		"$(printf '%s\n' "$log" | grep -c '^erratum')" ;;
esac
check_is "every CPU wrote its caches back, every time" \
	"$REBOOTS $REBOOTS $REBOOTS $REBOOTS" \
	"$(for c in 0 1 2 3; do
		printf '%s\n' "$log" | awk -v cpu="$c" '
			/^say reboot/ { n += seen; seen = 0; on = 1 }
			on && $0 == "wbinvd " cpu { seen = 1 }
			END { print n + seen }'
	done | paste -s -d ' ' -)"
modprobe tdx_host
check "TDX can be had again" sh -c "echo 1 >$TDX/enable"
sane
