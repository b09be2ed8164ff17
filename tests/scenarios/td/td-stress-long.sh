# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
#
# what would break for a user: what td-stress shows, but rarely
#
# very long
# vm: --smp 4,sockets=2 --timeout 2400 --emul
# vm: --add "$top/tests/scenarios/td/td-stress.sh:vm/stress"
SECONDS_OF_STRESS=600
# shellcheck source=SCRIPTDIR/td-stress.sh
. /vm/stress
