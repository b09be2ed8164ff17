# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# base.sh - what the scripts of this tree share. To be sourced, not run.
#
# A script that sources it sets `prog` first: the name its messages begin with.

# note TEXT... - tell the person something; results own stdout, so not there
note()
{
	printf '%s: %s\n' "${prog:-tdx_host}" "$*" >&2
}

# die STATUS TEXT... - say what is wrong and how to cure it, and end
die()
{
	_status=$1
	shift
	note "$*"
	exit "$_status"
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# Where downloaded and unpacked things that outlive a build are kept.
cache_dir()
{
	if [ -z "${XDG_CACHE_HOME:-}" ] && [ -z "${HOME:-}" ]; then
		printf '/tmp/tdx_host-cache-%s\n' "$(id -u)"
	else
		printf '%s/tdx_host\n' "${XDG_CACHE_HOME:-$HOME/.cache}"
	fi
}

# newest - the highest of the version-like lines on stdin
newest()
{
	sort -V | tail -n 1
}
