# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --emul
#
# what would break for a user: a TD that cannot be made, for whatever step fails, costs pages or a KeyID

# shellcheck source=/dev/null
. /vm/td.sh

# fails LEAF NAME SKIP - the call of that leaf after SKIP others is refused, and
# no TD comes of it
fails()
{
	# TDX_OPERAND_INVALID, RCX: nothing that is tried again.
	emul "inject $1:0xc000010000000001:1:$3"
	if modprobe tdx_consumer; then
		echo "it was made all the same"
		return 1
	fi
	told | tail -n 4
	told | grep -q "TD 0: $2: TDX_OPERAND_INVALID (RCX)" &&
		[ "$(told | tail -n 1)" = \
			"TD destroyed: 0 pages, 0 KeyIDs outstanding" ] &&
		[ "$(counter tds) $(counter keyids_in_use) $(counter \
			private_pages)" = "0 0 0" ]
}

# Each leaf on the way, and of those that are called often one call in between.
while read -r leaf name skip; do
	check "$name fails: nothing is left" fails "$leaf" "$name" "$skip"
done <<'END'
9 TDH.MNG.CREATE 0
8 TDH.MNG.KEY.CONFIG 1
1 TDH.MNG.ADDCX 3
21 TDH.MNG.INIT 0
10 TDH.VP.CREATE 0
4 TDH.VP.ADDCX 2
22 TDH.VP.INIT 0
3 TDH.MEM.SEPT.ADD 0
3 TDH.MEM.SEPT.ADD 2
2 TDH.MEM.PAGE.ADD 3
16 TDH.MR.EXTEND 7
17 TDH.MR.FINALIZE 0
11 TDH.MNG.RD 5
0 TDH.VP.ENTER 0
0 TDH.VP.ENTER 3
3 TDH.MEM.SEPT.ADD 4
6 TDH.MEM.PAGE.AUG 0
7 TDH.MEM.RANGE.BLOCK 0
38 TDH.MEM.TRACK 0
29 TDH.MEM.PAGE.REMOVE 0
END

# What is transient costs time, and no TD.
while read -r leaf status name; do
	emul "inject $leaf:$status:3"
done <<'END'
9 0x80000200000000ba TDH.MNG.CREATE
8 0x8000080000000000 TDH.MNG.KEY.CONFIG
1 0x8000020300000000 TDH.MNG.ADDCX
2 0x8000020000000001 TDH.MEM.PAGE.ADD
6 0x8000020000000001 TDH.MEM.PAGE.AUG
7 0x8000020000000092 TDH.MEM.RANGE.BLOCK
38 0x80000200000000a9 TDH.MEM.TRACK
29 0x8000020000000001 TDH.MEM.PAGE.REMOVE
0 0x80000200000000a9 TDH.VP.ENTER
18 0x8000020000000001 TDH.VP.FLUSH
19 0x80000200000000ba TDH.MNG.VPFLUSHDONE
40 0x80000200000000bc TDH.PHYMEM.CACHE.WB
20 0x80000200000000ba TDH.MNG.KEY.FREEID
28 0x8000020000000001 TDH.PHYMEM.PAGE.RECLAIM
41 0x8000020000000001 TDH.PHYMEM.PAGE.WBINVD
END
check "busy here and there: it is made" modprobe tdx_consumer
nothing_left
check "rmmod tdx_consumer" rmmod tdx_consumer
sane
