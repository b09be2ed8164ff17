# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: where a TD outlives the last SEAMCALL, a reboot
# prints warnings, or hands pages that are the TDX module's to somebody else
#
# vm: --kvm-tdx --smp 2 --emul version=2.0

# What every call returns then. The machine does not really go down, so what it
# leads to can be looked at.
GOING_DOWN=0x8000ff00fffd0001

# opened - the TD is there
opened()
{
	grep -qx open /tmp/td
}

# no_more LEAF... - these reach the TDX module no more
no_more()
{
	for _leaf in "$@"; do
		emul inject "$_leaf:$GOING_DOWN:100000"
	done
}

# gone - nobody has KVM open any more
gone()
{
	[ "$(cat /sys/module/kvm_intel/refcnt)" = 0 ]
}

check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1

# In teardown: after the KeyID is free, pages stay where they are.
kvm_td hold until /tmp/never >/tmp/td 2>&1 &
td=$!
check "a TD is open" within 120 opened
no_more 28 41	# PHYMEM.PAGE.RECLAIM, PAGE.WBINVD
kill -9 $td
check "it is closed, where pages cannot be reclaimed" within 60 gone
check "the TDX module has them still" test "$(counter private_pages)" -gt 0
emul inject 28:0:0
emul inject 41:0:0

# At any time: nothing goes through.
kvm_td hold until /tmp/stop >/tmp/td 2>&1 &
td=$!
rm -f /tmp/td.opened
check "another TD is open" within 120 opened
# TDH.VP.ENTER; MEM: PAGE.ADD, SEPT.ADD, PAGE.AUG, RANGE.BLOCK, PAGE.REMOVE,
# TRACK; MNG: KEY.FREEID, VPFLUSHDONE; VP: FLUSH, RD, WR; PHYMEM
no_more 0 2 3 6 7 29 38 20 19 18 26 43 28 40 41
: >/tmp/stop
check "its VCPU runs no more" not wait $td
note "$(tail -n 1 /tmp/td)"
check "it is closed" within 60 gone
check "its KeyID is not given to another" test \
	"$(value keyid/guest_free)" -lt "$(value keyid/guest_count)"
check "no warning" dmesg_lacks 'WARNING|BUG'
