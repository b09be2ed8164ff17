# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# what would break for a user: what kexec-ready shows, on Sapphire Rapids with
# a TDX module that cannot be shut down; and the next kernel takes machine
# checks wherever TDX memory was
#
# long
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 4,sockets=2 --mem 768M --kexec
# vm: --append 'memmap=1M$0x18000000'
# vm: --emul version=1.5 erratum=partial-write
# vm: --add "$top/tests/scenarios/power/kexec-ready.sh:vm/kexec-ready"
# shellcheck source=SCRIPTDIR/kexec-ready.sh
. /vm/kexec-ready
