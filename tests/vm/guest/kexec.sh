# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# kexec.sh - start a second kernel, which finds the log of the first. For
# scenarios that have "--kexec --append 'memmap=1M$0x18000000'".

# The log survives because it is in the MiB that memmap= reserves.
LOG=/sys/kernel/debug/tdx_recorder
modprobe tdx_recorder base=0x18000000

# initrd FILE - pack all that the guest runs from; -xdev leaves out /proc and
# the like
initrd()
{
	cd / && find . -xdev ! -path ./tmp/initrd ! -path ./vm/kernel |
		busybox cpio -o -H newc >"$1" 2>/dev/null
}

# take_log - sets log, prints it, and empties it
take_log()
{
	log=$(cat "$LOG")
	echo clear >"$LOG"
	printf '%s\n' "$log" | sed 's/^/# log: /' | uniq -c |
		sed 's/^ *\([0-9]*\) \(.*\)$/\2 (\1)/' | head -n 60
}

logged()	# REGEX
{
	printf '%s\n' "$log" | grep -e "$1"
}
