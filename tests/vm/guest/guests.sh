# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh
#
# guests.sh - functions for scenarios that run guests of the unit tests in TDs

# guests_run [OPTION=VALUE]... - load tdx_guests, which runs them; prints what it
# says, a line for each exit
guests_run()
{
	_before=$(guests_said | wc -l)
	modprobe tdx_guests "$@" && rmmod tdx_guests
	guests_said | tail -n +$((_before + 1))
}

guests_said()
{
	# Without -s only the last 16 KiB are read.
	dmesg -s 1000000 | sed -n 's/^.*\] tdx_guests: //p'
}

# guests_lines FILE PATTERN - the lines of it that begin with that
guests_lines()
{
	grep -E "^$2" "$1"
}
