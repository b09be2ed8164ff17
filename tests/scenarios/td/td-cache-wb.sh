# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul msr=all:0x98:64,all:0x99:64 call_ns=100000
#
# what would break for a user: TDs that end at the same time on a busy machine would cut off each other's cache flush, and leave pages and KeyIDs behind

# shellcheck source=/dev/null
. /vm/td.sh

# IA32_WBINVDP (0x98) is 64, and its kin (0x99): TDH.PHYMEM.CACHE.WB has 64
# parts, and gives way to an interrupt before each of them.  Guests take the
# interrupts as well, so there have to be new ones all the time.
check "TDX is up" modprobe tdx_host init=load
while :; do
	echo 'interrupt all 100' >"$EMUL/control"
	sleep 0.02
done &
interrupting=$!
check "100 TDs, 4 threads, 4 CPUs" modprobe tdx_consumer tds=100 threads=4
told | sed 's/^/# /'
check_is "all lived and left nothing" "TDX is ready, TDX module 1.5.01
100 TDs made, run and destroyed by 4 threads, each on a CPU of its own
TDs destroyed: 0 pages, 0 KeyIDs outstanding" "$(told)"
check "the flush was interrupted" test "$(calls 40)" -gt 200
kill $interrupting
check "rmmod" rmmod tdx_consumer

# Whoever flushes caches without tdx_host may cut a flush of ours off as well.
check "nothing is there to resume, three times" sh -c \
	"echo 'inject 40:0xc000082300000000:3' >$EMUL/control"
check "the flush begins anew" modprobe tdx_consumer
check_is "and the TD leaves nothing" \
	"TD destroyed: 0 pages, 0 KeyIDs outstanding" "$(told | tail -n 1)"
nothing_left
sane
