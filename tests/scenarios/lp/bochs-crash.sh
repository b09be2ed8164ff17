# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a machine check or NMI in the middle of a SEAMCALL leaves no crash dump
#
# bochs
# long
# expect-splat
# vm: --timeout 1800 --mem 1G --kexec --append 'memmap=1M$0x18000000 crashkernel=320M' --emul
# shellcheck source=SCRIPTDIR/../../vm/guest/kexec.sh
. /vm/kexec.sh

# Where the kernel leaves VMX operation by a callback when it crashes, that is
# KVM's, and nobody leaves it without (docs/architecture.md, "A crash").
by_callback()
{
	grep -q ' cpu_emergency_register_virt_callback$' /proc/kallsyms
}

if [ ! -e /proc/vmcore ]; then
	echo clear >"$LOG"
	if by_callback; then
		check "KVM is loaded, for its callback" modprobe kvm-intel
	fi
	modprobe tdx_host
	modprobe tdx_test
	check "an initrd is made" initrd /tmp/initrd
	check "the dump kernel is loaded" kexec -p /vm/kernel /tmp/initrd \
		"$(cat /proc/cmdline) nr_cpus=1 reset_devices earlyprintk=serial,ttyS0,115200"
	echo "checks $vm_failed" >"$LOG"
	emul crash 33
	echo 0 >"$TEST/cpu_enable"
	fail "it crashes"
	exit 1
fi

take_log
check_is "nothing was wrong before the crash" "say checks 0" \
	"$(logged '^say checks')"
check "the dump kernel was jumped to" logged '^jump$'
check "there is a dump ($(stat -c %s /proc/vmcore) bytes)" \
	test "$(stat -c %s /proc/vmcore)" -gt 0
