# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh, tdx.sh and kexec.sh are sourced
#
# what would break for a user: after kexec the next kernel's memory changes
# under it, as old cache lines with a private key are written back, and TDX
# cannot be had again before a power cycle
#
# long
# vm: --smp 4,sockets=2 --mem 768M --kexec
# vm: --append 'memmap=1M$0x18000000' --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/kexec.sh
. /vm/kexec.sh

# kexec-erratum is the same on another machine.
has_disable=yes
has_erratum=no
case $emul_args in *version=1.5*) has_disable=no ;; esac
case $emul_args in *erratum=partial-write*) has_erratum=yes ;; esac

if ! grep -q '^say first' "$LOG"; then
	echo clear >"$LOG"
	modprobe tdx_host
	modprobe tdx_client
	check "enable" sh -c "echo 1 >$TDX/enable"
	check_is "state" ready "$(value state)"
	check "a KeyID is in use" sh -c \
		'echo alloc >/sys/kernel/debug/tdx_client/keyids'
	[ $has_erratum = no ] ||
		check "TDX has private memory" \
			test "$(counter private_lines)" -gt 0
	echo "first kernel" >"$LOG"
	check "an initrd is made" initrd /tmp/initrd
	check "the kernel is loaded" kexec /vm/kernel /tmp/initrd \
		"$(cat /proc/cmdline)"
	# For the trampolines, which do not enter VMX operation.
	emul vmx_held all
	echo "checks $vm_failed" >"$LOG"
	kexec -e
	fail "kexec jumps"
	exit 1
fi

take_log

# at_the_end - CPUs that wrote their caches back after the last SEAMCALL
at_the_end()
{
	printf '%s\n' "$log" | sed -e '1,/^disable 0x0$/d' -e '/^jump/,$d' |
		sed -n 's/^wbinvd //p' | sort -n | uniq | paste -s -d ' ' -
}

check "the second kernel was jumped to" logged '^jump$'
check_is "the first found nothing wrong" "say checks 0" \
	"$(logged '^say checks')"
if [ $has_disable = yes ]; then
	check "TDH.SYS.DISABLE succeeded" logged '^disable 0x0$'
	check "no SEAMCALL came after it" not logged '^call '
else
	check "this TDX module has no TDH.SYS.DISABLE" not logged '^disable '
	# Bring-up writes caches back, too.
	log=$(printf '%s\n' "$log" | sed 's/^say checks 0$/disable 0x0/')
fi
check_is "then, before the jump, every CPU wrote its caches back" "0 1 2 3" \
	"$(at_the_end)"
check_is "who makes a SEAMCALL after that gets -ESHUTDOWN, whichever way" \
	"say late -108 -108 -108 -108" "$(logged '^say late')"
if [ $has_erratum = yes ]; then
	check_is "no line was left that is private, or poisoned" "erratum 0 0" \
		"$(logged '^erratum')"
fi

modprobe tdx_host
if [ $has_disable = no ]; then
	# What the TDX module says that nobody could shut down.
	emul inject 45:0xc000050c00000000:1
	check "without a reset of the platform TDX cannot be had" \
		not sh -c "echo 1 >$TDX/enable"
	check "and last_error says so" error_says TDX_SYS_CONFIG_NOT_PENDING \
		"reset the platform"
fi
check "the second kernel initialises TDX again" sh -c "echo 1 >$TDX/enable"
check_is "state" ready "$(value state)"
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
sane
