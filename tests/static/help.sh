#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every script that can be started answers --help: how it is called, what it
# does, and what its exit status means.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# scripts - but for those that only kbuild calls, with what it is told there
scripts()
{
	tree_files '*' | while IFS= read -r _f; do
		case $_f in
		src/compat/run|tests/static/analyze)
			continue ;;
		esac
		if [ -x "$_f" ] && [ "$(head -c 9 "$_f")" = '#!/bin/sh' ]; then
			echo "$_f"
		fi
	done
}

# lacks SCRIPT - what is missing in its answer. One that has never heard of --help
# is not started: it would begin to work.
lacks()
{
	grep -qE -e '--help|answer_help|lib/check\.sh' "$1" || {
		echo "$1: does not know --help"
		return
	}
	timeout 2 "$1" --help >"$tmp/help" 2>"$tmp/errors" </dev/null ||
		echo "$1: --help ends with status $?"
	[ ! -s "$tmp/errors" ] || echo "$1: $(head -n 1 "$tmp/errors")"
	grep -q '^ *usage: ' "$tmp/help" || echo "$1: no usage"
	tr '\n' ' ' <"$tmp/help" | grep -qE 'Exit +status|exit +status' ||
		echo "$1: no exit status"
}

scripts >"$tmp/scripts"
check "there are scripts" test "$(wc -l <"$tmp/scripts")" -gt 50
while IFS= read -r script; do
	lacks "$script"
done <"$tmp/scripts" | check_none "all of them answer --help"
finish
