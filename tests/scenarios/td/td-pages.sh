# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --emul
#
# what would break for a user: a TD whose pages the kernel writes to, or which are never given back

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/td.sh

BASE=0x10000000

# page N - the address of the N-th page that tdx_harm holds for TDs: one in each
# 4 MiB, more of which the kernel does not give away one by one
page()
{
	printf '0x%x' $((BASE + $1 * 0x400000))
}

# owned - what the TDX module has given to TDs: entries, pages, TDs, KeyIDs
owned()
{
	echo "$(counter pamt_in_use) $(counter private_pages)" \
		"$(counter tds) $(counter keyids_in_use)"
}

modprobe tdx_harm
check "tdx_host loads" modprobe tdx_host init=load || exit
modprobe tdx_test
check "TDX is ready" is_ready
emul "vmx_held all"
echo "4194304 $(page 0) $(page 8)" >/sys/kernel/debug/tdx_harm/fill
check_is "there is memory for a TD" 8 "$(cat /sys/kernel/debug/tdx_harm/fill)" ||
	exit
check_is "no TD owns anything" "0 0 0 0" "$(owned)"

ok "TDH.MNG.CREATE" 9 rcx="$(page 0)" rdx=33
ok "TDH.MNG.KEY.CONFIG" 8 rcx="$(page 0)"
for n in 1 2 3 4 5 6; do
	ok "TDH.MNG.ADDCX, page $n" 1 rcx="$(page $n)" rdx="$(page 0)"
done
check_is "a TD owns 7 pages and a KeyID" "7 7 1 1" "$(owned)"
check_is "nobody wrote to them" "pages_corrupt 0" "$(cat "$EMUL/verify")"

# One byte: reported with its address, once.
echo $((BASE + 0x800123)) >/sys/kernel/debug/tdx_harm/poke
check_is "a write by the kernel is reported, with its address" \
	"corrupt 0x10800123
pages_corrupt 1" "$(cat "$EMUL/verify")"
check_is "once" "pages_corrupt 0" "$(cat "$EMUL/verify")"

# Nobody asks this time: it is seen when the page is given back.
echo $((BASE + 0xc00fff)) >/sys/kernel/debug/tdx_harm/poke
ok "TDH.MNG.VPFLUSHDONE" 19 rcx="$(page 0)"
ok "TDH.PHYMEM.CACHE.WB" 40
ok "TDH.MNG.KEY.FREEID" 20 rcx="$(page 0)"
for n in 6 5 4 3 2 1 0; do
	ok "TDH.PHYMEM.PAGE.RECLAIM, page $n" 28 rcx="$(page $n)"
done
check_is "the other write was seen, too" 2 "$(counter private_corrupt)"
check_is "and its address kept" "corrupt 0x10c00fff
pages_corrupt 1" "$(cat "$EMUL/verify")"
check_is "no TD owns anything any more" "0 0 0 0" "$(owned)"

# The pages are the kernel's again.
echo $((BASE + 0x800123)) >/sys/kernel/debug/tdx_harm/poke
check_is "the kernel may write there now" "pages_corrupt 0" \
	"$(cat "$EMUL/verify")"
check_is "and the TDX module counts as before" 2 "$(counter private_corrupt)"
emul "vmx_released all"
echo 0 >/sys/kernel/debug/tdx_harm/fill
sane
