# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set and read them
#
# reason.sh - what a kernel cannot run. To be sourced, after `top` is set.

# reason NAME RELEASE - why it cannot run there; nothing if it can
reason()
{
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$top/tests/kernels/cannot" |
	while read -r _n _pattern _why; do
		# shellcheck disable=SC2254 # a pattern it is
		case $2 in
		$_pattern)	[ "$_n" != "$1" ] || echo "$_why" ;;
		esac
	done
}

# sort_out RELEASE NAME... - $can: the names of those that it can run; $cannot:
# of the others, "NAME: REASON" lines
sort_out()
{
	_krel=$1
	shift
	can=
	cannot=
	for _s in "$@"; do
		_why=$(reason "$_s" "$_krel")
		if [ -z "$_why" ]; then
			can="$can $_s"
		else
			cannot="$cannot$_s: $_why
"
		fi
	done
}
