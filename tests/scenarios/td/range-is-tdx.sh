# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 1G --emul version=2.0
#
# what would break for a user: a VMM that gives a TD memory which is not, or no more, TDX memory

# shellcheck source=/dev/null
. /vm/bringup.sh

# is_tdx FROM TO - prints 1 where a TD can have that memory
is_tdx()
{
	echo "$1 $2" >/sys/kernel/debug/tdx_client/range
	cat /sys/kernel/debug/tdx_client/range
}

page="0x10000000 0x10001000"

modprobe tdx_host
modprobe tdx_client
# shellcheck disable=SC2086 # two addresses
{
check_is "detected: there is no TDX memory" 0 "$(is_tdx $page)"

# The layout is made and configured, and the TDMRs are not initialised.
emul inject 36:0xc000010000000001:1:10
check "bring-up fails in the middle of the memory" not gets_ready
check_is "failed: there is none yet" 0 "$(is_tdx $page)"

check "bring-up" gets_ready
check_is "ready: the page is TDX memory" 1 "$(is_tdx $page)"
check_is "what is beyond the RAM is not" 0 \
	"$(is_tdx 0x10000000 0x100000000000)"
check_is "nor is nothing" 0 "$(is_tdx 0x10000000 0x10000000)"

check_is "shutdown" ok "$(ask 0)"
check_is "shut down: there is none any more" 0 "$(is_tdx $page)"
}
sane
