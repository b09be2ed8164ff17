# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# progress.sh - show on stderr where a run is that takes long. To be sourced.
#
# On a terminal there is one line, which the next one replaces. Elsewhere, lines
# that come often are left out, unless the last one is a minute ago.

progress_at=-60

# stage TEXT... - something begins that may take minutes
stage()
{
	if [ -t 2 ]; then
		printf '\r%.79s\033[K' "$*" >&2
	else
		printf '%s\n' "$*" >&2
	fi
	progress_at=$(cut -d . -f 1 /proc/uptime)
}

# progress TEXT... - how far it is; to be called as often as there is something
# to say
progress()
{
	if [ -t 2 ] ||
	   [ "$(cut -d . -f 1 /proc/uptime)" -ge $((progress_at + 60)) ]; then
		stage "$@"
	fi
}

# progress_end - nothing is under way any more: before other lines are printed
progress_end()
{
	[ ! -t 2 ] || printf '\r\033[K' >&2
}

# follow WHERE TOTAL - copies what run-all prints from stdin to stdout, and shows
# each of TOTAL scenarios that comes to its end
follow()
{
	_done=0 _bad=0
	while IFS= read -r _line; do
		printf '%s\n' "$_line"
		case $_line in
		'ok  '*)	;;
		'FAILED  '*)	_bad=$((_bad + 1)) ;;
		*)		continue ;;
		esac
		_done=$((_done + 1))
		_name=${_line#* }
		_name=${_name#"${_name%%[! ]*}"}
		progress "$1: $_done of $2 scenarios, $_bad failed;" \
			"the last was ${_name%% *}"
	done
	progress_end
}
