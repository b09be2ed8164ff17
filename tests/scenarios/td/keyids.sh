# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# keyids - too few private KeyIDs: the BIOS setting that cures it is named
#
# vm: --emul keyids=31:1

modprobe tdx_host init=load
check_is "31:1: state" unsupported "$(value state)"
check "31:1: the sentence names the setting" \
	error_says "one private KeyID," "TME-MT/TDX key split" "BIOS" "31"
check_is "31:1: no SEAMCALL was made" 0 "$(counter seamcalls)"

new_machine keyids=31:0
modprobe tdx_host
check_is "31:0: state" unsupported "$(value state)"
check "31:0: the sentence names the setting" \
	error_says "no private KeyIDs" "TME-MT/TDX key split"

new_machine keyids=0:2
modprobe tdx_host
check_is "0:2 is enough: state" detected "$(value state)"
check_is "0:2: the global KeyID" 1 "$(value keyid/global)"
check_is "0:2: guest KeyIDs" 1 "$(value keyid/guest_count)"
sane
