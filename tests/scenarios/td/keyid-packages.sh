# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: a TD made while a package is offline would fail half-way, and its pages and KeyID be lost for good

# shellcheck source=/dev/null
. /vm/td.sh

check "TDX comes up" modprobe tdx_host init=load
check_is "every KeyID is free" 31 "$(value keyid/guest_free)"
cpu 2 off
cpu 3 off
for try in first second; do
	check "no TD is made without the second package, $try try" \
		not modprobe tdx_consumer
	check "the reason names the package" error_says \
		'no CPU online' 'package 1, CPU 2'
	check_is "no KeyID was taken" 31 "$(value keyid/guest_free)"
done
check "dmesg says it" dmesg_has 'no CPU online.*package 1, CPU 2'

# One CPU of each package is enough.
cpu 3 on
check "with one of its CPUs a TD is made" modprobe tdx_consumer
check "and leaves nothing" sh -c \
	'dmesg | grep -q "TD destroyed: 0 pages, 0 KeyIDs outstanding"'
check_is "every KeyID is free again" 31 "$(value keyid/guest_free)"
nothing_left
sane
