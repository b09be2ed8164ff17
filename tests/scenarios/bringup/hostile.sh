# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --mem 768M --timeout 800 --emul version=2.0
#
# what would break for a user: a TDX module that lies, or has gone mad, crashes the kernel or hangs it, or leaves it without a word

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/life.sh
# shellcheck source=/dev/null
. /vm/hostile.sh

hostile_in_parts "${first:-1}" "${seeds:-81}" 9

# What these lie about is seldom met: a page that comes back from a TD is
# another one (1654, 2149), TDH.SYS.CONFIG (328, 472) and TDH.SYS.DISABLE (769)
# end with no status that there is, TDH.SYS.DISABLE (8502) and
# TDH.PHYMEM.CACHE.WB (2886) are interrupted for ever.
check "seeds that are chosen: the same" \
	hostile_these 328 472 769 1654 2149 2886 8502
note "$ready came up; $longest hundredths of a second: $longest_of"

new_module
check "an honest TDX module works as ever" modprobe tdx_host init=load
check "and is ready" is_ready
check "and runs a TD" modprobe tdx_consumer
rmmod tdx_consumer
sane
