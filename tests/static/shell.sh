#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every shell script is POSIX sh to a parser and to shellcheck.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# By the first line, whatever the name; a scenario and a file that is sourced
# say it with shellcheck's own directive.
scripts()
{
	tree_files '*' | while IFS= read -r _f; do
		if [ ! -f "$_f" ] || [ -L "$_f" ]; then
			continue
		fi
		_first=
		IFS= read -r _first <"$_f" || :
		case $_f:$_first in
		*':#!/bin/sh'|*':#!/bin/dash'|*.sh:*)
			echo "$_f" ;;
		*':#!'*/bash*|*':#!'*' bash'*)
			echo "$_f" >&3 ;;
		*)
			! sed -n 1,3p "$_f" | grep -q '^# shellcheck shell=sh' ||
				echo "$_f" ;;
		esac
	done
}

need shellcheck
scripts >"$tmp/scripts" 3>"$tmp/bash"
check_none "no script needs bash" <"$tmp/bash"
while IFS= read -r file; do
	check "$file" shellcheck -s sh -x "$file"
done <"$tmp/scripts"
finish
