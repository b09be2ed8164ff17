# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# very long
# vm: --smp 2 --mem 768M --timeout 20000 --clock 10 --emul version=2.0
# vm: --add "$top/tests/scenarios/bringup/hostile.sh:vm/hostile_scenario"
#
# what would break for a user: 10,000 ways in which a TDX module may lie, as in hostile; here the second half

# A life loads and unloads modules, which waits for grace periods.
echo 1 >/sys/kernel/rcu_expedited
# shellcheck disable=SC2034 # for that scenario
first=5005 seeds=10008
# shellcheck source=SCRIPTDIR/hostile.sh
. /vm/hostile_scenario
