# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: on a CPU that runs a TD, perf, the hard-lockup watchdog and crash NMIs die, and breakpoints are gone

# shellcheck source=/dev/null
. /vm/td.sh

BREAK=/sys/module/tdx_break/parameters

# nmis - NMIs that all CPUs have taken, by the kernel's own count
nmis()
{
	awk '$1 == "NMI:" { for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i }
		END { print n + 0 }' /proc/interrupts
}

check "TDX is up" modprobe tdx_host init=load
modprobe tdx_break
check_is "every CPU has its breakpoint" 4 "$(cat $BREAK/hits)"
before=$(nmis)
seen=$(cat $BREAK/nmis)
emul 'nmi 0 50'
check "a TD is met by 50 NMIs" modprobe tdx_consumer
told | tail -n 1
check_is "and all are served" "50 50" \
	"$(($(nmis) - before)) $(($(cat $BREAK/nmis) - seen))"
rmmod tdx_consumer

emul 'nmi all 500'
check "100 TDs on 4 CPUs are met by 2000 NMIs" \
	modprobe tdx_consumer tds=100 threads=4
check_is "which are served, too" 2050 $(($(cat $BREAK/nmis) - seen))
check_is "every CPU still has its breakpoint" 4 "$(cat $BREAK/hits)"
nothing_left
rmmod tdx_consumer
rmmod tdx_break
sane
