# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 768M --emul version=2.0
#
# what would break for a user: a SEAMCALL that fails once, anywhere from load to unload, costs pages, a KeyID or a reboot, without a word

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/life.sh

check "a life without a failure" life_counts
# One way in which each of those fails that no shorter scenario is about: the
# end of a TD, a CPU that comes back, the shutdown.
life_list | grep -E '^(18 (VCPU_NOT|TD_KEYS)|19 FLUSHVP|40 (INTERR|OPERAND_INV)|20 WBC|28 LIFE|41 PAGE_|69 |35 INCONSISTENT_MSR)' \
	>/tmp/list
all_lives
sane
