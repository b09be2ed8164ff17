# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 512M --emul version=2.0 --timeout 3000
# very long
#
# what would break for a user: the same, once in hundreds of times

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/crowd.sh

check "tdx_host loads" modprobe tdx_host || exit
modprobe tdx_test
rounds=1000
check "8 threads at once, $rounds rounds with transient failures: one initialisation each, all agree" \
	rounds
sane
