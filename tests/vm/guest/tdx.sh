# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tdx.sh - tdx_host and its emulator, for scenarios. Sourced after guest.sh.

TDX=/sys/devices/platform/tdx_host
EMUL=/sys/kernel/debug/tdx_emul
TEST=/sys/kernel/debug/tdx_test

# value FILE - the content of a file of tdx_host; nothing if it cannot be read
value()
{
	cat "$TDX/$1" 2>/dev/null
}

# readable FILE - does a file of tdx_host have a value yet?
readable()
{
	cat "$TDX/$1" >/dev/null 2>&1
}

# error_says WORDS... - last_error is one line and has all of these in it
error_says()
{
	_e=$(value last_error)
	printf '%s\n' "$_e"
	[ "$(printf '%s\n' "$_e" | wc -l)" -eq 1 ] || return 1
	for _w in "$@"; do
		case $_e in
		*"$_w"*) ;;
		*)	echo "last_error does not say '$_w'"
			return 1 ;;
		esac
	done
}

# counter NAME - a counter of the emulator
counter()
{
	sed -n "s/^$1 //p" "$EMUL/stats"
}

# calls LEAF - how many SEAMCALLs of that leaf reached the TDX module
calls()
{
	_n=$(sed -n "s/^$1 //p" "$EMUL/calls")
	echo "${_n:-0}"
}

# watched seamcall|vmxon|vmxoff - how often tdx_host did that; tdx_watch must
# have been loaded before tdx_host
watched()
{
	awk -v re="^tdx_host_$1(_|\$)" '$1 ~ re { n += $2 }
		END { print n + 0 }' /sys/kernel/debug/tdx_watch
}

# emul LINE - a command for the emulator
emul()
{
	echo "$*" >"$EMUL/control"
}

# new_machine [OPTION=VALUE]... - load the emulator again with other options, as
# if the machine had booted with them; works only while tdx_host can be unloaded
new_machine()
{
	unload && modprobe tdx_emul "$@"
}

# start_over [OPTION=VALUE]... - load a new TDX module, then tdx_host again with
# these options
start_over()
{
	check "disable" sh -c "echo 0 >$TDX/enable"
	rmmod tdx_host
	emul module fresh
	modprobe tdx_host "$@"
}

# unload - remove tdx_test, tdx_host and tdx_emul, if they are loaded
unload()
{
	for _m in tdx_test tdx_host tdx_emul; do
		! [ -d "/sys/module/$_m" ] || rmmod "$_m" || return 1
	done
}

# on_cpus LIST - call tdx_host_cpu_enable() on these; prints "CPU ERRNO" lines
on_cpus()
{
	echo "$1" >"$TEST/cpu_enable" && cat "$TEST/cpu_enable"
}

# cpu N on|off
cpu()
{
	case $2 in
	on)	echo 1 >"/sys/devices/system/cpu/cpu$1/online" ;;
	off)	echo 0 >"/sys/devices/system/cpu/cpu$1/online" ;;
	esac
}

# shrink_slabs - take away the free objects that each CPU keeps at hand
#
# They count as active. Besides, the arrays that they are kept in (7.x: sheaves)
# still have pointers to objects that were taken out, which kmemleak takes for
# references.
shrink_slabs()
{
	for _slab in /sys/kernel/slab/*; do
		echo 1 >"$_slab/shrink"
	done
}

# kernel_memory - KiB that the kernel uses itself, once that has settled, by
# kind: objects of kmalloc(), vmalloc areas, per-CPU memory, and pages that are
# none of these, nor free (also on the list of a CPU), nor of a cache, a slab or
# a process
kernel_memory()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	shrink_slabs
	awk '$1 ~ /^kmalloc-/ { kmalloc += $2 * $4 }
		/^[A-Z][A-Za-z]*:/ { v[$1] = $2 }
		$1 == "count:" { kept += $2 * 4 }
		END {
			print "kmalloc", int(kmalloc / 1024)
			print "vmalloc", v["VmallocUsed:"]
			print "percpu", v["Percpu:"]
			print "pages", v["MemTotal:"] - v["MemFree:"] \
				- v["Buffers:"] - v["Cached:"] \
				- v["AnonPages:"] - v["PageTables:"] \
				- v["Slab:"] - v["KReclaimable:"] \
				+ v["SReclaimable:"] - v["KernelStack:"] \
				- v["VmallocUsed:"] - v["Percpu:"] - kept
		}' /proc/slabinfo /proc/meminfo /proc/zoneinfo
}

# no_more_memory KIND BEFORE AFTER LIMIT - between two outputs of
# kernel_memory(), that kind has not grown by more than LIMIT KiB
no_more_memory()
{
	_b=$(printf '%s\n' "$2" | sed -n "s/^$1 //p")
	_a=$(printf '%s\n' "$3" | sed -n "s/^$1 //p")
	echo "$1: $_b KiB, then $_a KiB"
	[ -n "$_b" ] && [ $((_a - _b)) -le "$4" ]
}

# tainted_more - since userland was reached, the kernel was tainted by something
# other than an unsigned out-of-tree module (4096 and 8192: the kernel's
# Documentation/admin-guide/tainted-kernels.rst)
tainted_more()
{
	_b=$(cat /tmp/tainted)
	_t=$(cat /proc/sys/kernel/tainted)
	echo "taint $_b, then $_t"
	[ $((_t & ~(_b | 4096 | 8192))) -ne 0 ]
}

# sane - what must be true at the end of every scenario
sane()
{
	check "nothing but the modules themselves taints the kernel" \
		not tainted_more
	[ -d "$EMUL" ] || return 0
	check_is "every VMX window was closed" "$(counter vmx_enters)" \
		"$(counter vmx_leaves)"
	check_is "no VMX window was open with interrupts on" 0 \
		"$(counter window_interruptible)"
	check_is "no SEAMCALL and no guest did what the model lacks" 0 "$(counter refused)"
}
