# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh and bringup.sh
#
# soak.sh - a machine that works hard while TDX is ready.

# kilobytes NAME - of /proc/meminfo
kilobytes()
{
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# pressure - fill nearly all memory with files, and let them go
pressure()
{
	_mib=$(($(kilobytes MemAvailable) * 85 / 100 / 1024))
	dd if=/dev/urandom of=/dev/shm/seed bs=64k count=16 2>/dev/null
	_i=0
	while [ $_i -lt $_mib ]; do
		cat /dev/shm/seed
		_i=$((_i + 1))
	done >/dev/shm/fill
	rm -f /dev/shm/fill /dev/shm/seed
}

# until_end N COMMAND... - again and again until the soak is over; how often is
# in /tmp/soak.N
until_end()
{
	_job=$1
	shift
	_times=0
	while [ ! -e /tmp/soak.end ]; do
		"$@" || {
			echo "$* failed after $_times times" >>/tmp/soak.bad
			break
		}
		_times=$((_times + 1))
		echo "$_times" >"/tmp/soak.$_job"
	done
}

compaction()
{
	echo 1 >/proc/sys/vm/compact_memory
	echo 3 >/proc/sys/vm/drop_caches
	usleep 200000
}

# tdx_harm takes a page out of each 4 MiB, whatever has to be moved for it
taking()
{
	echo 0x400000 >/sys/kernel/debug/tdx_harm/fill &&
		echo 0 >/sys/kernel/debug/tdx_harm/fill
}

# Each CPU but the first goes and comes.
hotplug()
{
	for _c in 1 2 3; do
		cpu $_c off && cpu $_c on || return 1
	done
}

# soak SECONDS
soak()
{
	mount -o remount,size=95% /dev/shm
	rm -f /tmp/soak.*
	until_end pressure pressure &
	_jobs=$!
	until_end compaction compaction &
	_jobs="$_jobs $!"
	until_end taking taking &
	_jobs="$_jobs $!"
	until_end hotplug hotplug &
	_jobs="$_jobs $!"
	sleep "$1"
	: >/tmp/soak.end
	# shellcheck disable=SC2086 # process ids
	wait $_jobs
	for _job in pressure compaction taking hotplug; do
		first /tmp/soak.$_job 2>/dev/null || line=0
		[ "$line" -gt 0 ] || echo "no $_job" >>/tmp/soak.bad
	done
	[ ! -e /tmp/soak.bad ] || {
		cat /tmp/soak.bad
		return 1
	}
}

# soaked - what it did
soaked()
{
	for _job in pressure compaction taking hotplug; do
		first /tmp/soak.$_job
		note "$_job: $line times"
	done
}
