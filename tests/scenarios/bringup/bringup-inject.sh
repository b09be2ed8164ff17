# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# vm: --smp 2,sockets=2 --mem 1G --emul version=2.0
#
# what would break for a user: a failed SEAMCALL whose cure is not said, or that needs a reboot for nothing

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/inject.sh

check "tdx_host loads" modprobe tdx_host || exit
all_rows '^\+'
check "five transient failures in a row at any step do not fail bring-up" \
	transients '^\+'

# Without a TDX module SEAMCALL sets CF and returns nothing: at any step.
gone()
{
	_g=$(ask 1)
	echo "$_g"
	[ "$_g" = "No such device" ] &&
		error_says VMFAILINVALID "reset the platform"
}
emul module absent
check "a TDX module that has gone is named, with the reset it needs" gone
emul module present
emul inject 36:0xc000010000000001:1:10
check "bring-up fails in the middle of the memory" not gets_ready
emul module absent
check "a TDX module that dies after it was configured is named, too" gone
check "and keeps its memory" test "$(value pamt_kb)" -gt 0
emul module present
check "where it is back, asking again works" gets_ready
check "and so does the shutdown" fresh_module

# From #GP on one LP the person learns which CPU it was.
emul "seam off 1"
check "#GP on one CPU fails bring-up" not gets_ready
check "and names the CPU and the BIOS option" \
	error_says "CPU 1" SEAMCALL_GP BIOS
emul "seam on 1"
check "and once it is cured, asking again works" gets_ready
check "the TDX module's memory is as it left it" untouched
sane
