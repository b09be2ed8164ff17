#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs/ABI describes the files of sysfs and debugfs that the module makes in a
# virtual machine: all of them, and no other.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# In the guest; files that the driver core gives every device are not ours.
list='modprobe tdx_host init=load && echo loaded &&
find /sys/devices/platform/tdx_host /sys/kernel/debug/tdx_host -type f |
	grep -vE "/(power/.*|uevent|modalias|driver_override|waiting_for_supplier)$"'

cat docs/ABI/*/* | sed -n 's/^What:[[:space:]]*\(.*[^/]\)$/\1/p' |
	sort >"$tmp/documented"
check "docs/ABI describes files" test -s "$tmp/documented"
check "the module loads" tests/vm/run --emul --cmd "$list"
grep '^/sys/' "$tmp/said" | sort >"$tmp/real"
check "the module makes files" test -s "$tmp/real"
comm -13 "$tmp/documented" "$tmp/real" |
	check_none "every file is described"
comm -23 "$tmp/documented" "$tmp/real" |
	check_none "every file that is described exists"
finish
