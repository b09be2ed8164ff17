# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh
#
# td.sh - functions for scenarios with TDs

# told - the messages of tdx_consumer, without times
told()
{
	# Without -s only the last 16 KiB are read.
	dmesg -s 1000000 | sed -n 's/^.*\] tdx_consumer: //p'
}

# tdh LEAF [REG=VALUE]... - have tdx_test make that SEAMCALL on CPU 0, which
# must be in VMX operation; prints the status
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

# nothing_left - no TD is left, nor anything of one, and nothing else has changed
# private memory
nothing_left()
{
	check_is "no TD, no VCPU, no KeyID, no private page, all PAMT entries free" \
		"0 0 0 0 0" "$(counter tds) $(counter vcpus) $(counter \
		keyids_in_use) $(counter private_pages) $(counter pamt_in_use)"
	check_is "no VCPU was lost by VMXOFF" 0 "$(counter vcpus_lost)"
	check_is "all KeyIDs can be had" "$(value keyid/guest_count)" \
		"$(value keyid/guest_free)"
	check_is "no private page was changed" "0 pages_corrupt 0" \
		"$(counter private_corrupt) $(tail -n 1 "$EMUL/verify")"
}
