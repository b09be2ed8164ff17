# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh, tdx.sh and kexec.sh are sourced
#
# what would break for a user: TDs that run at reboot or kexec stay, and on
# Sapphire Rapids the next kernel takes machine checks from their memory
#
# long
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 2,sockets=2 --mem 768M --kexec --reboot
# vm: --append 'memmap=1M$0x18000000'
# vm: --emul version=2.0 erratum=partial-write
# shellcheck source=SCRIPTDIR/../../vm/guest/kexec.sh
. /vm/kexec.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh

# a_rude_td - no more than a TDR, of a module that does not heed the news
a_rude_td()
{
	modprobe tdx_harm
	modprobe tdx_test
	check "a KeyID is taken" sh -c \
		'echo alloc >/sys/kernel/debug/tdx_client/keyids'
	# Some have a PAMT, or what else cannot be moved.
	for tdr in 0x10000000 0x11000000 0x12000000 0x13000000 0x14000000; do
		echo "4194304 $tdr $((tdr + 0x400000))" \
			>/sys/kernel/debug/tdx_harm/fill
		[ "$(cat /sys/kernel/debug/tdx_harm/fill)" = 0 ] || break
	done
	emul vmx_held all
	ok "TDH.MNG.CREATE" 9 rcx="$tdr" rdx=33
}

# The log survives: TDs are held before each way down.
case $(grep -c '^say down' "$LOG") in
0)	how=rude ;;
1)	how=reboot ;;
2)	how=kexec ;;
*)	how=over ;;
esac
if [ $how != over ]; then
	modprobe tdx_host
	modprobe tdx_client
	check "$how: enable" sh -c "echo 1 >$TDX/enable"
	if [ $how = rude ]; then
		a_rude_td
	else
		check "TDs are held" modprobe tdx_consumer hold=1 tds=2
		check_is "they live" 2 "$(counter tds)"
	fi
	if [ $how = kexec ]; then
		check "an initrd is made" initrd /tmp/initrd
		check "the kernel is loaded" kexec /vm/kernel /tmp/initrd \
			"$(cat /proc/cmdline)"
	fi
	echo "down $how failed $vm_failed" >"$LOG"
	case $how in
	kexec)	kexec -e ;;
	*)	reboot -f ;;
	esac
	sleep 60
	fail "$how: it goes down"
	exit 1
fi

take_log
# after HOW - what came between that and the next
after()
{
	printf '%s\n' "$log" | awk -v how="$1" '
		/^say down/ { on = $3 == how }
		on && /^(say down|printk|disable|erratum)/'
}

for how in reboot kexec; do
	check_is "$how: TDs were destroyed, then TDX was shut down, no line was left private" \
		"say down $how failed 0
printk tdx_consumer: TDs destroyed: 0 pages, 0 KeyIDs outstanding
disable 0x0
erratum 0 0" "$(after $how)"
done
check_is "the 64 lines of a TD that is alive stay private, and its KeyID is named" \
	"say down rude failed 0
printk tdx_host: a KeyID is still in use as TDX ends (KeyID 33, taken by write_keyids [tdx_client])
disable 0x0
erratum 64 0" "$(after rude | sed 's/+0x[^ ]* / /; s/ends, .*(Key/ends (Key/; s/); .*/)/')"
check "and on this CPU what is to be done" logged \
	'^printk .*(partial-write erratum).*; reset the machine instead'
modprobe tdx_host
check "TDX can be had again" sh -c "echo 1 >$TDX/enable"
sane
