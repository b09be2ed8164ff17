# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh and bringup.sh
#
# soak.sh - keep the machine busy while TDX is ready

# kilobytes NAME - a value of /proc/meminfo
kilobytes()
{
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# pressure - fill nearly all memory with files, and delete them
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

# until_end NAME COMMAND... - repeat the command until the soak is over; its
# count goes to /tmp/soak.NAME
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

# taking - have tdx_harm allocate a page of each 4 MiB, for which others must be
# moved
taking()
{
	echo 0x400000 >/sys/kernel/debug/tdx_harm/fill &&
		echo 0 >/sys/kernel/debug/tdx_harm/fill
}

# hotplug - take each CPU but the first offline and online
hotplug()
{
	for _c in 1 2 3; do
		cpu $_c off && cpu $_c on || return 1
	done
}

# soak SECONDS - do all of it at once, for that time
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

# soaked - print how much was done
soaked()
{
	for _job in pressure compaction taking hotplug; do
		first /tmp/soak.$_job
		note "$_job: $line times"
	done
}
