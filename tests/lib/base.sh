# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# base.sh - what all scripts of this tree share. To be sourced, not run.
#
# A script that sources it sets `prog` first: the name that its messages begin
# with.

# Not every user has these in PATH.
PATH=$PATH:/usr/sbin:/sbin

# note TEXT... - a message for the user; on stderr, since stdout is for results
note()
{
	printf '%s: %s\n' "${prog:-tdx_host}" "$*" >&2
}

# die STATUS TEXT... - say what is wrong and how to cure it, and exit
die()
{
	_status=$1
	shift
	note "$*"
	exit "$_status"
}

# bad_option TEXT... - for scripts that have --help
bad_option()
{
	die 2 "$* ('$prog --help' lists the options)"
}

# answer_help ARGUMENT... - if the first one is --help, print what the script
# says of itself at its beginning, and exit
answer_help()
{
	case ${1:-} in
	--help|-h)	;;
	*)		return 0 ;;
	esac
	introduction
	exit 0
}

# introduction - the comment at the beginning of the script, without its marks
introduction()
{
	awk 'NR < 4 || /^# shellcheck / { next }
		!/^#/ { exit }
		{ sub(/^# ?/, ""); print }' "$0"
}

# whole_number OPTION VALUE - exit unless the value is one, and above 0
whole_number()
{
	case $2 in
	''|*[!0-9]*|0*)
		bad_option "$1 wants a whole number above 0, not '$2'" ;;
	esac
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

# temporary PREFIX - create the directory $tmp, which goes when the script ends
temporary()
{
	tmp=$(mktemp -d "$1.XXXXXX") || exit
	# Never across a mount: a test may have mounted something there.
	trap 'rm -rf --one-file-system "$tmp"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# cache_dir - where downloaded and unpacked things that outlive a build are kept
cache_dir()
{
	if [ -z "${XDG_CACHE_HOME:-}" ] && [ -z "${HOME:-}" ]; then
		printf '/tmp/tdx_host-cache-%s\n' "$(id -u)"
	else
		printf '%s/tdx_host\n' "${XDG_CACHE_HOME:-$HOME/.cache}"
	fi
}

# newest - the highest of the version numbers on stdin
newest()
{
	sort -V | tail -n 1
}
