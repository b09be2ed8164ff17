#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What people are told to build builds; the other groups use it.
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$top" || exit 2
status=0
for target in modules tools test-tools; do
	if make --no-print-directory $target; then
		echo "ok - make $target"
	else
		status=1
		echo "not ok - make $target"
	fi
done
# Fetches the kernel, and makes what all VMs start from.
if tests/vm/run --cmd true; then
	echo "ok - a VM boots the kernel"
else
	status=1
	echo "not ok - a VM boots the kernel"
fi
exit $status
