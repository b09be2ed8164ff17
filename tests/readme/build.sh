#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What README.md tells people to build can be built; the other groups use it.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# does TEXT COMMAND... - a check; what the command prints is shown in any case
does()
{
	_what=$1
	shift
	if "$@"; then
		pass "$_what"
	else
		fail "$_what"
	fi
}

for target in modules tools test-tools; do
	does "make $target" make --no-print-directory $target
done
# This fetches the kernel and makes the initramfs that all VMs share.
does "a VM boots the kernel" tests/vm/run --cmd true
# Not tried again, and said in a sentence.
check "a VM with too little memory is refused" \
	rc 2 tests/vm/run --no-build --mem 64M --cmd true
check_said "it says how much is needed" "initramfs alone need"
check "a VM with a CPU that QEMU does not have is refused" \
	rc 123 tests/vm/run --no-build --cpu nope --cmd true
check_said "it says where CPUs are listed" "-cpu help' lists them"
grep 'once again' "$tmp/said" | check_none "it is tried once"
finish
