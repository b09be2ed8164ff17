# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 4G --emul version=2.0
#
# what would break for a user: TDX that can only be had right after boot, before memory is fragmented

# shellcheck source=/dev/null
. /vm/bringup.sh
HARM=/sys/kernel/debug/tdx_harm

# fragment BYTES [FROM TO] - no larger piece of memory is or can be made free
fragment()
{
	echo "$*" >"$HARM/fill" && [ "$(cat "$HARM/fill")" -gt 0 ]
}

# largest_pamt FROM TO - the largest piece of PAMT there, MiB
largest_pamt()
{
	_max=0
	while read -r _what _level _base _size; do
		[ "$_what" = pamt ] || continue
		if [ $((_base)) -ge $(($1)) ] && [ $((_base)) -lt $(($2)) ] &&
		   [ $((_size)) -gt "$_max" ]; then
			_max=$((_size))
		fi
	done </sys/kernel/debug/tdx_host/tdmrs
	echo $((_max >> 20))
}

check "tdx_host loads" modprobe tdx_host || exit
check "the module that fragments memory loads" modprobe tdx_harm
check "bring-up in fresh memory" gets_ready
fresh=$(value tdmr_count)
memory=$(value tdx_memory_kb)
note "$fresh TDMRs"
check "shutdown" fresh_module

check "no 8 MiB are free in one piece any more" fragment 0x800000
dmesg_mark
check "bring-up in pieces of 4 MiB" gets_ready
check "needs more TDMRs than the $fresh before" \
	test "$(value tdmr_count)" -gt "$fresh"
check_is "whose PAMTs are small enough to be found" 4 \
	"$(largest_pamt 0 0x1000000000)"
check_is "no RAM is given up for it" "$memory" "$(value tdx_memory_kb)"
check "shutdown" fresh_module

check "in the lower 2 GiB not even 4 MiB are free" fragment 0x400000 0 0x80000000
check "bring-up puts all PAMTs elsewhere" gets_ready
check_is "none of 4 MiB is in the lower 2 GiB" 0 "$(largest_pamt 0 0x80000000)"
check_is "no RAM is given up for it" "$memory" "$(value tdx_memory_kb)"
check "shutdown" fresh_module

check "now 4 MiB are free nowhere" fragment 0x400000
check "bring-up fails" not gets_ready
check "and says why, and what to do" \
	error_says contiguous compact_memory init=load
check_is "no memory is kept" "0 0" "$(value pamt_kb) $(users)"
echo 0 >"$HARM/fill"
check "when memory is free again, asking again works" gets_ready
check "the kernel had nothing to complain about" dmesg_lacks -l warn+ \
	'alloc_contig|busy|page allocation failure'
sane
