# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
#
# what would break for a user: what power-reboot shows, but rarely
#
# very long
# vm: --smp 4,sockets=2 --mem 512M --timeout 7200 --reboot
# vm: --append 'memmap=1M$0x18000000' --emul version=2.0
# vm: --add "$top/tests/scenarios/power/power-reboot.sh:vm/reboots"
REBOOTS=200
# shellcheck source=SCRIPTDIR/power-reboot.sh
. /vm/reboots
