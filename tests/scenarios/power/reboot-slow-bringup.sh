# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a reboot during bring-up erases memory that has just been given back, and that somebody else has by then
#
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 2 --mem 512M --reboot --timeout 900
# vm: --append 'memmap=1M$0x18000000'
# vm: --emul version=2.0 erratum=partial-write

LOG=/sys/kernel/debug/tdx_recorder
PAUSE=/sys/kernel/debug/tdx_pause
modprobe tdx_recorder base=0x18000000

# As soon as memory is erased that the TDX module never had, bring-up goes on
# and gives it back. Where nothing is erased it never does: the machine reboots.
give_back()
{
	until [ "$(counter movdir64b)" -gt 0 ]; do usleep 1000; done
	echo "erased" >$LOG
	echo 1 >$PAUSE/go
	until [ "$(value pamt_kb)" = 0 ]; do usleep 1000; done
	echo "given back after $(counter movdir64b)" >$LOG
}

logged()	# REGEX
{
	printf '%s\n' "$log" | grep -e "$1"
}

if ! grep -q '^say stopped' $LOG; then
	modprobe tdx_host
	modprobe tdx_pause
	echo config_tdmrs >$PAUSE/at
	echo 1 >"$TDX/enable" &
	check "bring-up has its PAMTs" within 60 grep -q . $PAUSE/at
	echo "stopped with $(value pamt_kb) failed $vm_failed" >$LOG
	give_back &
	reboot -f
	sleep 60
	fail "it reboots"
	exit 1
fi

log=$(cat $LOG)
echo clear >$LOG
printf '%s\n' "$log" | sed 's/^/# log: /' | uniq
check "bring-up had its PAMTs, but the TDX module did not" \
	logged '^say stopped with [1-9][0-9]* failed 0$'
check "nothing was erased" logged '^movdir64b 0$'
check "nor given back meanwhile" not logged '^say given'
modprobe tdx_host
check "TDX can be had again" sh -c "echo 1 >$TDX/enable"
sane
