# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 2G --append cma=1G --emul version=2.0
#
# what would break for a user: TDX that cannot be had where memory is set apart for devices

# shellcheck source=/dev/null
. /vm/bringup.sh

# cma - "FROM TO", which memory CMA has; nothing on a kernel without CMA
cma()
{
	dmesg_text | sed -n 's/^cma: Reserved \([0-9]*\) MiB at \(0x[0-9a-f]*\).*/\1 \2/p' |
		while read -r _mib _base; do
			printf '%#x %#x\n' "$_base" $((_base + (_mib << 20)))
		done
}

# reserved - that much, if the kernel has CMA
reserved()
{
	echo "$from $to"
	! grep ^CmaTotal /proc/meminfo || [ $((to - from)) = $((0x40000000)) ]
}

# nothing_above - a search, which begins at the top, meets CMA's memory first
nothing_above()
{
	[ -z "$from" ] ||
		echo "0x200000 $to 0x80000000" >/sys/kernel/debug/tdx_harm/fill
}

# apart - no PAMT lies in there
apart()
{
	_n=0
	while read -r _what _level _base _size; do
		[ "$_what" = pamt ] || continue
		_n=$((_n + 1))
		if [ $((_base)) -lt $((to)) ] &&
		   [ $((_base + _size)) -gt $((from)) ]; then
			echo "$_what $_level $_base $_size"
			return 1
		fi
	done </sys/kernel/debug/tdx_host/tdmrs
	[ $_n -gt 0 ]
}

read -r from to <<END
$(cma)
END
note "CMA has ${from:-nothing} ${to:+to $to}"
check "1 GiB is CMA's, if the kernel has CMA" reserved
check "tdx_host loads" modprobe tdx_host || exit
check "the module that fragments memory loads" modprobe tdx_harm
check "above that nothing is free" nothing_above
check "bring-up" gets_ready
check "takes nothing of CMA's" apart
check "shutdown" fresh_module
sane
