# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 768M --timeout 3600 --emul version=2.0
# very long
#
# what would break for a user: any failure of any SEAMCALL from load to unload, as in life-inject

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/life.sh

check "a life without a failure" life_counts
life_list >/tmp/list
all_lives
sane
