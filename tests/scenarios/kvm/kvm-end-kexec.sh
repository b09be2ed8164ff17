# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh, tdx.sh and kexec.sh are sourced
#
# what would break for a user: a reboot or kexec with TDs of KVM ends in a
# warning, or leaves their memory private for the next kernel to die of
#
# vm: --kvm-tdx --smp 2 --mem 768M --kexec
# vm: --append 'memmap=1M$0x18000000' --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/kexec.sh
. /vm/kexec.sh

# opened NAME - the TD of that name is there
opened()
{
	grep -qx open "/tmp/$1"
}

if ! grep -q '^say first' "$LOG"; then
	echo clear >"$LOG"
	check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1
	check "an initrd is made" initrd /tmp/initrd
	check "the kernel is loaded" kexec /vm/kernel /tmp/initrd \
		"$(cat /proc/cmdline)"
	for n in td0 td1; do
		kvm_td hold until /tmp/never >/tmp/$n 2>&1 &
		check "$n is open" within 120 opened $n || cat /tmp/$n
	done
	kvm_guest hold until /tmp/never >/tmp/guest 2>&1 &
	check "an ordinary guest is open" within 60 opened guest
	check_is "there are two TDs" 2 "$(counter tds)"
	echo "first kernel, failed $vm_failed" >"$LOG"
	kexec -e
	fail "kexec jumps"
	exit 1
fi

take_log
check "the second kernel was jumped to" logged '^jump$'
check "the first found nothing wrong" logged '^say first kernel, failed 0$'
check "no KeyID was left, nor any TD" not logged '^printk'
check "TDH.SYS.DISABLE succeeded" logged '^disable 0x0$'
check "no SEAMCALL came after it" not logged '^call '

check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1
check "a TD lives in the second kernel" kvm_td run
check "KVM can be unloaded" rmmod kvm-intel
check "TDX is disabled" sh -c "echo 0 >$TDX/enable"
check "tdx_host can be unloaded" rmmod tdx_host
sane
