# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: TDs that come and go at once on several CPUs fail, or leave pages and KeyIDs behind

# shellcheck source=/dev/null
. /vm/td.sh

check "200 TDs, 4 threads, 4 CPUs" modprobe tdx_consumer tds=200 threads=4
told | sed 's/^/# /'
check_is "all lived and left nothing" "TDX is ready, TDX module 1.5.01
200 TDs made, run and destroyed by 4 threads, each on a CPU of its own
TDs destroyed: 0 pages, 0 KeyIDs outstanding" "$(told)"
# Leaves 9, 17 and 20: TDH.MNG.CREATE, TDH.MR.FINALIZE, TDH.MNG.KEY.FREEID. Those
# that were busy are counted, too.
check_is "200 were finalised" 200 "$(calls 17)"
check "200 were created, and freed their KeyID" \
	test "$(calls 9)" -ge 200 -a "$(calls 20)" -ge 200
nothing_left
check "rmmod tdx_consumer" rmmod tdx_consumer
sane
