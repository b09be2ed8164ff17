# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 4G --emul version=2.0
#
# what would break for a user: memory and module that stay lost after TDX has been shut down

# shellcheck source=/dev/null
. /vm/bringup.sh

# free_kb - what is really free: tdx_harm makes the kernel give up the pages
# that it keeps for each CPU, for MemFree does not count them
free_kb()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	echo 0x40000000 >/sys/kernel/debug/tdx_harm/fill
	echo 0 >/sys/kernel/debug/tdx_harm/fill
	sed -n 's/^MemFree: *\([0-9]*\) kB/\1/p' /proc/meminfo
}

modprobe tdx_harm
check "tdx_host loads" modprobe tdx_host || exit
check_is "there is nothing to shut down yet" ok "$(ask 0)"
check_is "state" detected "$(value state)"
check "bring-up, so that what is kept for good is there" gets_ready
check "shutdown" fresh_module

before=$(free_kb)
check "bring-up" gets_ready
# A kernel that checks everything keeps some of what was freed for a while, so
# that the difference is off by that, now and below.
pamt=$(value pamt_kb)
some=$((pamt / 4))
taken=$((before - $(free_kb)))
check "it takes memory ($taken KiB)" test $taken -gt $((pamt - some))
check "tdx_host is pinned" not rmmod tdx_host
check_is "shutdown" ok "$(ask 0)"
check_is "state" detected "$(value state)"
check_is "nothing is left in sysfs" "0 0 0 0" \
	"$(value pamt_kb) $(value tdmr_count) $(value tdx_memory_kb) $(value unusable_memory_kb)"
check_is "no CPU counts as ready" "" "$(value cpus_ready)"
after=$(free_kb)
note "free: $before KiB before, $after KiB after, PAMTs had $pamt KiB"
check "all but a little of the memory is back" \
	test $((before - after)) -lt $some
check "last_error is empty" not grep -q . "$TDX/last_error"
check_is "a second shutdown does nothing" "ok 2" "$(ask 0) $(calls 69)"

# The TDX module is there, but nothing can be asked of it until it is loaded
# anew.
check_is "bring-up now fails" "Input/output error" "$(ask 1)"
check "and says that it was shut down, and what helps" \
	error_says TDX_SYS_SHUTDOWN "reset the platform"
check "tdx_host can be unloaded" rmmod tdx_host
check "and loaded" modprobe tdx_host
emul module fresh
check "with a TDX module loaded anew TDX gets ready" gets_ready

# Shutdown in the middle: of what failed, and while others are busy.
check "shutdown" fresh_module
emul inject 36:0xc000010000000001:1:10
check "bring-up fails in the middle of the memory" not gets_ready
check_is "it can be shut down all the same" ok "$(ask 0)"
check_is "and the memory is back" "0 0" "$(value pamt_kb) $(users)"
emul module fresh
check "bring-up" gets_ready
emul hold seam 1
check_is "shutdown while another CPU is in the TDX module" \
	"Resource temporarily unavailable" "$(ask 0)"
check "says so" error_says TDH.SYS.DISABLE TDX_SYS_BUSY
check_is "and changes nothing" "ready 1" "$(value state) $(users)"
emul release seam 1
check "the TDX module's memory is as it left it" untouched
check_is "later it works" ok "$(ask 0)"

# A CPU that is offline makes no bring-up.
emul module fresh
check "CPU 1 goes off" cpu 1 off
check_is "bring-up is refused" "Device or resource busy" "$(ask 1)"
check "and the sentence names the CPU" error_says "(CPU 1)"
check "CPU 1 comes back" cpu 1 on
check "bring-up" gets_ready
sane
