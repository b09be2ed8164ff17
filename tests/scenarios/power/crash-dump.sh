# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh, tdx.sh and kexec.sh are sourced
#
# what would break for a user: a TDX host that crashes hangs and leaves no dump
#
# long
# expect-splat
# vm: --smp 4,sockets=2 --mem 1G --kexec
# vm: --append 'memmap=1M$0x18000000 crashkernel=320M' --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/kexec.sh
. /vm/kexec.sh

if [ ! -e /proc/vmcore ]; then
	echo clear >"$LOG"
	modprobe tdx_host
	modprobe tdx_client
	check "an initrd is made" initrd /tmp/initrd
	check "the dump kernel is loaded" kexec -p /vm/kernel /tmp/initrd \
		"$(cat /proc/cmdline) nr_cpus=1 reset_devices"
	check "enable" sh -c "echo 1 >$TDX/enable"
	check "a KeyID is in use" sh -c \
		'echo alloc >/sys/kernel/debug/tdx_client/keyids'
	emul vmx_held all
	echo 4 >/sys/kernel/debug/tdx_client/hammer
	check "SEAMCALLs are made" within 20 grep -q ' [1-9]' \
		/sys/kernel/debug/tdx_client/hammer
	echo "checks $vm_failed" >"$LOG"
	echo c >/proc/sysrq-trigger
	fail "it crashes"
	exit 1
fi

take_log
check_is "nothing was wrong before the crash" "say checks 0" \
	"$(logged '^say checks')"
check "the dump kernel was jumped to" logged '^jump$'
check_is "the last thing that was done" jump "$(printf '%s\n' "$log" |
	tail -n 1)"
check "TDX did not stand in the way: no TDH.SYS.DISABLE" not logged '^disable'
check "there is a dump ($(stat -c %s /proc/vmcore) bytes)" \
	test "$(stat -c %s /proc/vmcore)" -gt 0
check_is "of an ELF core" 7f454c46 \
	"$(head -c 4 /proc/vmcore | od -A n -t x1 | tr -d ' ')"
