# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh
#
# td.sh - TDs, for scenarios that source it.

# told - what tdx_consumer has said, without times
told()
{
	# By itself it reads the last 16 KiB.
	dmesg -s 1000000 | sed -n 's/^.*\] tdx_consumer: //p'
}

# tdh LEAF [REG=VALUE]... - the status of that SEAMCALL, made by tdx_test on
# CPU 0, which must be in VMX operation
tdh()
{
	echo "thin 0 $*" >"$TEST/seamcall"
	sed -n '1s/^status //p' "$TEST/seamcall"
}

# ok NAME LEAF [REG=VALUE]... - that SEAMCALL succeeds
ok()
{
	_name=$1
	shift
	check_is "$_name" 0x0000000000000000 "$(tdh "$@")"
}

# nothing_left - no TD, nothing of one, and nobody wrote where it was not his
nothing_left()
{
	check_is "no TD, no VCPU, no KeyID, no private page, all PAMT entries free" \
		"0 0 0 0 0" "$(counter tds) $(counter vcpus) $(counter \
		keyids_in_use) $(counter private_pages) $(counter pamt_in_use)"
	check_is "all KeyIDs can be had" "$(value keyid/guest_count)" \
		"$(value keyid/guest_free)"
	check_is "no private page was changed" "0 pages_corrupt 0" \
		"$(counter private_corrupt) $(tail -n 1 "$EMUL/verify")"
}
