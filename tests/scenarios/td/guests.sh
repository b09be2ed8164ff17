# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --emul
#
# what would break for a user: a guest gets other exits, exceptions or memory than the TDX module's documents say

# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/guests.sh
. /vm/guests.sh

check "TDX is up" modprobe tdx_host init=load
guests_run shared=1 >/tmp/guests
sed 's/^/# /' /tmp/guests
check "no call failed" not grep FAILED /tmp/guests
check_is "each instruction that ends in #VE, and a page to be accepted" \
	"1 1e 3f80003 0 0 0
2 1e 400048 0 0 0
2 a 0 0 0 0
1 c 0 0 0 0
2 1f 0 0 0 0
2 20 0 0 0 0
3 1c 304 0 0 0
3 1c 600 0 0 0
2 20 0 0 0 0
0 30 181 40010123 40010123 0
0 30 d00 0 40010123 0" "$(sed -n 's/^ve: TDCALL fc00: //p' /tmp/guests)"
check_is "its memory, blocked, moved and taken away" \
	"written: it reads 1122334455667788
the host finds noise there
blocked: status 30, 181 at 40010000
removed too early: TLB_TRACKING_NOT_DONE
tracked: status 30, 181 at 40010000
unblocked: it reads 1122334455667788
relocated: it reads 1122334455667788
the host finds noise there
removed: status 30, 181 at 40010000" "$(sed -n '/^written/,/^removed:/p' /tmp/guests)"
check_is "2 MiB of it, in one piece, in 512 and in one again" \
	"written: it accepts with 0, reads 0
blocked: status 30, 181 at 80123000
tracked: status 30, 181 at 80123000
in 512 pages: it accepts with 0, reads beef
in one page: it accepts with 0, reads beef
removed: status 30, 181 at 80123000" "$(sed -n 's/^2 MiB, //p' /tmp/guests)"
check_is "memory that it shares with the host" \
	"no tables: status 30, 181 at 800000001008
no page: status 30, 181 at 800000001008
a page: it reads aaaa, the host aaaa 0
another page, not tracked: it reads bbbb, the host aaaa bbbb
and tracked: it reads bbbb, the host aaaa bbbb" \
	"$(sed -n 's/^shared, //p' /tmp/guests)"
check_is "interrupts that the host posts, its own, and NMIs" \
	"started: status 4d, vector 0, 0 0 0
IF is 0: status 4d, vector 0, 40000 0 0
descriptor: 0 0
pending: 1
behind STI's shadow: status 4d, vector 52, 40000044 50 0
the lower one: status 4d, vector 31, 40000044 30 0
pending: 0
TPR keeps its own off: status 4d, vector 0, 60 2 0
and lets it in: status 4d, vector 61, 40000094 60 0
NMI next: status 4d, vector 0, 0 0 0
NMI: status 4d, vector 2, 400000a6 0 0
no NMI in it: status 4d, vector 0, 0 0 0
but after it: status 4d, vector 2, 400000a6 0 0
in it: status 4d, vector 0, 0 0 0
and out of it: status 4d, vector 0, 0 0 0" \
	"$(sed -n 's/^interrupted, //p' /tmp/guests)"
nothing_left
sane
