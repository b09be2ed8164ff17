#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the systemd unit does at boot brings TDX up; and where that fails, the
# journal has the sentence that says why.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

unit=packaging/systemd/tdx-host.service
sed -n 's/^ExecStart=//p' "$unit" >"$tmp/start.sh"
check_is "it has two commands" 2 "$(grep -c '' "$tmp/start.sh")"
# As systemd: one after another, until one fails.
sed -i '1i set -e' "$tmp/start.sh"

# start OPTION... - in a virtual machine with that TDX module
# shellcheck disable=SC2317 # check calls it
start()
{
	tests/vm/run --no-build --emul "$@" --add "$tmp/start.sh:/start.sh" \
		--cmd 'sh /start.sh && cat /sys/devices/platform/tdx_host/state'
}

check "at boot TDX comes up" start
check_said "it is ready" ready
check "where there is no TDX module the unit fails" rc 1 start module=absent
check_said "with the sentence of last_error" TDX_SEAMCALL_VMFAILINVALID
finish
