# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 2G --emul version=2.0
#
# what would break for a user: TDX that cannot be had beside a VM to which a device was passed through

# shellcheck source=/dev/null
. /vm/bringup.sh
HARM=/sys/kernel/debug/tdx_harm
TRACING=/sys/kernel/tracing

# All memory but this becomes immovable.
FROM=0x40000000
TO=0x60000000
END=0x80000000

# lend FILE - nowhere but there are 2 MiB free in one piece, or can be made so;
# most of the memory is not the kernel's, but lent as FILE says
lend()
{
	echo "$FROM $TO" >"$HARM/$1" || return 1
	echo "0x200000 0 $FROM" >"$HARM/fill" || return 1
	echo "0x200000 $TO $END" >"$HARM/fill" || return 1
	echo "$(cat "$HARM/$1") pages, and $(cat "$HARM/fill") of the kernel"
	[ "$(cat "$HARM/$1")" -ge $(((END - TO + FROM) / 4096 / 2)) ]
}

# give_back FILE - the end of it
give_back()
{
	echo 0 >"$HARM/$1" && echo 0 >"$HARM/fill"
}

# watch_tries - from now on, keep what comes of each try to get memory in one
# piece
watch_tries()
{
	for _f in alloc_contig_range alloc_contig_range_noprof \
		  alloc_contig_frozen_range_noprof; do
		! grep -q " $_f\$" /proc/kallsyms || _function=$_f
	done
	echo "r:tdx/tries $_function ret=\$retval:s32" \
		>"$TRACING/kprobe_events" &&
		echo 1 >"$TRACING/events/tdx/tries/enable"
}

# tries RESULT - how many ended with it: 0, or - for an error
tries()
{
	grep -c "tries: .*ret=$1" "$TRACING/trace"
}

# pamts_there - all PAMTs lie where memory can be moved
pamts_there()
{
	_n=0
	while read -r _what _level _base _size; do
		[ "$_what" = pamt ] || continue
		_n=$((_n + 1))
		if [ $((_base)) -lt $((FROM)) ] ||
		   [ $((_base + _size)) -gt $((TO)) ]; then
			echo "$_what $_level $_base $_size"
			return 1
		fi
	done </sys/kernel/debug/tdx_host/tdmrs
	[ $_n -gt 0 ]
}

check "tdx_host loads" modprobe tdx_host || exit
check "the module that pins memory loads" modprobe tdx_harm
check "tries to get memory can be counted" watch_tries

check "all memory but 512 MiB is pinned, as for devices" lend pin
echo >"$TRACING/trace"
check "bring-up finds memory" gets_ready
check "where it can be moved" pamts_there
check "which it tries" test "$(tries 0)" -gt 0
# A page that somebody happens to hold at that moment is no matter.
check "and hardly any other" test "$(tries -)" -le "$(tries 0)"
check "shutdown" fresh_module
check "the devices go" give_back pin

# Pages that look as if they could be moved, and never can.
check "somebody refers to all memory but 512 MiB" lend refer
echo >"$TRACING/trace"
check "bring-up finds memory" gets_ready
check "where it can be moved" pamts_there
note "$(tries 0) tries, and $(tries -) in vain"
check "though only a try tells what cannot be" test "$(tries -)" -gt 0
check "shutdown" fresh_module
check "that ends" give_back refer
sane
