# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
#
# what would break for a user: what hotplug-cpu-cycles shows, but rarely
#
# very long
# vm: --smp 4,sockets=2 --mem 512M --timeout 3600 --emul version=2.0
# vm: --add "$top/tests/scenarios/hotplug/hotplug-cpu-cycles.sh:vm/cycles"
CYCLES=1000
# shellcheck source=SCRIPTDIR/hotplug-cpu-cycles.sh
. /vm/cycles
