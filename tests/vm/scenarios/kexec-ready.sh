# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # lib.sh and tdx.sh are sourced before
#
# what would break for a user: after kexec the next kernel's memory changes
# under it, as old cache lines with a private key are written back, and TDX
# cannot be had again before a power cycle
#
# long
# vm: --smp 4,sockets=2 --mem 768M --kexec
# vm: --append 'memmap=1M$0x18000000' --emul version=2.0

# The log that survives is in the MiB that memmap= reserves.
LOG=/sys/kernel/debug/tdx_recorder
modprobe tdx_recorder base=0x18000000

# initrd FILE - all that the guest runs from; proc and the like are mounts
initrd()
{
	cd / && find . -xdev ! -path ./tmp/initrd ! -path ./vm/kernel |
		busybox cpio -o -H newc >"$1" 2>/dev/null
}

if ! grep -q '^say first' "$LOG"; then
	echo clear >"$LOG"
	modprobe tdx_host
	modprobe tdx_client
	check "enable" sh -c "echo 1 >$TDX/enable"
	check_is "state" ready "$(value state)"
	check "a KeyID is in use" sh -c \
		'echo alloc >/sys/kernel/debug/tdx_client/keyids'
	echo "first kernel" >"$LOG"
	check "an initrd is made" initrd /tmp/initrd
	check "the kernel is loaded" kexec /vm/kernel /tmp/initrd \
		"$(cat /proc/cmdline)"
	echo "checks $vm_failed" >"$LOG"
	kexec -e
	fail "kexec jumps"
	exit 1
fi

log=$(cat "$LOG")
echo clear >"$LOG"
printf '%s\n' "$log" | sed 's/^/# log: /'

logged()	# REGEX
{
	printf '%s\n' "$log" | grep -e "$1"
}

# after_disable - CPUs that wrote their caches back after TDH.SYS.DISABLE
after_disable()
{
	printf '%s\n' "$log" | sed -e '1,/^disable 0x0$/d' -e '/^jump/,$d' |
		sed -n 's/^wbinvd //p' | sort -n | paste -s -d ' ' -
}

check "the second kernel was jumped to" logged '^jump$'
check_is "the first found nothing wrong" "say checks 0" \
	"$(logged '^say checks')"
check "TDH.SYS.DISABLE succeeded" logged '^disable 0x0$'
check_is "then, before the jump, every CPU wrote its caches back" "0 1 2 3" \
	"$(after_disable)"
check "no SEAMCALL came after it" not logged '^call '
modprobe tdx_host
check "the second kernel initialises TDX again" sh -c "echo 1 >$TDX/enable"
check_is "state" ready "$(value state)"
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
sane
