# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 1G --emul version=2.0
#
# what would break for a user: a crash dump or a debugger that reads memory which is the TDX module's

# shellcheck source=/dev/null
. /vm/bringup.sh

# pamts - "ADDRESS SIZE" of each PAMT, in decimal
pamts()
{
	while read -r _what _level _base _size; do
		[ "$_what" != pamt ] || echo $((_base)) $((_size))
	done </sys/kernel/debug/tdx_host/tdmrs
}

# offline - how many pages of the PAMTs in /tmp/pamts are logically offline
# (KPF_OFFLINE, bit 23 of /proc/kpageflags: a word of 8 bytes for each page)
offline()
{
	while read -r _base _size; do
		dd if=/proc/kpageflags bs=8 skip=$((_base / 4096)) \
			count=$((_size / 4096)) 2>/dev/null
	done </tmp/pamts | od -A n -v -t x1 -w8 |
		awk '{ n += $3 ~ /^[89a-f]/ } END { print n + 0 }'
}

# kcore_bytes PA - how many bytes of a page are not 0 in /proc/kcore
kcore_bytes()
{
	# e_phoff is 64, e_phnum the 2 bytes at 56; a program header has 56
	# bytes: p_offset at 8, p_paddr at 24, p_filesz at 32.
	_n=$(od -A n -t u2 -j 56 -N 2 /proc/kcore)
	dd if=/proc/kcore bs=56 count=$((_n + 2)) 2>/dev/null |
		tail -c +65 | od -A n -v -t u8 -w56 >/tmp/phdrs
	_at=$(awk -v pa="$1" '$4 <= pa && pa < $4 + $5 {
		printf "%.0f\n", $2 + pa - $4; exit }' /tmp/phdrs)
	[ -n "$_at" ] || return 1
	dd if=/proc/kcore bs=4096 count=1 skip="$_at" iflag=skip_bytes \
		2>/dev/null | tr -d '\0' | wc -c
}

# kernel_code - the physical address of the kernel, in hexadecimal
kernel_code()
{
	sed -n 's/^ *\([0-9a-f]*\)-.* : Kernel code$/\1/p' /proc/iomem
}

# block PA - the directory of the memory block that has it
block()
{
	_bytes=0x$(cat /sys/devices/system/memory/block_size_bytes)
	echo "/sys/devices/system/memory/memory$(($1 / _bytes))"
}

modprobe tdx_host
check "bring-up" gets_ready
pamts >/tmp/pamts
read -r first _ </tmp/pamts
pages=$(awk '{ n += $2 / 4096 } END { print n }' /tmp/pamts)
note "$pages pages of PAMTs, the first at $(printf %#x "$first")"
check "there are PAMTs" test "$pages" -gt 0
check_is "all of their pages are logically offline" "$pages" "$(offline)"
# Kernels before 5.14 do not look at that when /proc/kcore is read, and some
# have none: debugging kernels, for one.
if ! [ -e /proc/kcore ]; then
	note "this kernel has no /proc/kcore"
elif grep -q ' page_offline_begin$' /proc/kallsyms; then
	check_is "in /proc/kcore there is nothing to be seen of them" 0 \
		"$(kcore_bytes "$first")"
	check "where there is something of the kernel itself" \
		test "$(kcore_bytes $((0x$(kernel_code))))" -gt 0
fi
check "a memory block that has a PAMT does not go offline" not sh -c \
	"echo offline >$(block "$first")/state"
check "TDX is ready" is_ready
check_is "and so are the marks" "$pages" "$(offline)"

check_is "shutdown" ok "$(ask 0)"
check_is "what was PAMTs is ordinary memory" 0 "$(offline)"
check "shutdown and a new TDX module" emul module fresh
check "bring-up" gets_ready
pamts >/tmp/pamts
check_is "the new ones are marked" "$pages" "$(offline)"
sane
