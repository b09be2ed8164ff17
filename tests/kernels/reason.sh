# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set and read them
#
# reason.sh - which scenarios there are, and which of them a kernel cannot run.
# To be sourced, after `top` is set.

# listed [OPTION] - the scenarios that tests/vm/run-all lists with the option;
# it complains if there are none of that kind
listed()
{
	"$top/tests/vm/run-all" --list "$@" 2>/dev/null | cut -d ' ' -f 1
}

# reason NAME RELEASE - why the kernel cannot run the scenario; nothing if it
# can
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

# sort_out RELEASE NAME... - sets can, the names of the scenarios that the
# kernel can run, and cannot, "NAME: REASON" lines for the others
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
