# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tool.sh - what tdx-host says, for scenarios that source it

# tool ARGUMENT... - run it; what it says is in /tmp/said, folded no more in
# $said, its exit status in $code
tool()
{
	code=0
	tdx-host "$@" >/tmp/said 2>&1 || code=$?
	said=$(tr -s ' \n' ' ' </tmp/said)
}

# tool_says WORDS... - it said all of these
tool_says()
{
	for _w in "$@"; do
		case $said in
		*"$_w"*) ;;
		*)	cat /tmp/said
			echo "it does not say '$_w'"
			return 1 ;;
		esac
	done
}

# tool_failed - of the last output of doctor --json: the check that failed
# first, and its cause
tool_failed()
{
	awk -F '"' '$2 == "name" { name = $4 }
		$2 == "result" { failed = $4 == "fail" }
		$2 == "cause" && failed { print name, $4; exit }' /tmp/said
}

# doctor_names MACHINE CHECK CAUSE WORDS... - doctor names that cause first, with
# a cure, as text and as JSON
doctor_names()
{
	_machine=$1
	_want="$2 $3"
	_check=$2
	shift 3
	tool doctor --json
	check_is "$_machine: first failure, as JSON" "$_want" "$(tool_failed)"
	check "$_machine: JSON names the check once more" \
		tool_says "\"first_failure\": \"$_check\"" '"exit": 1'
	tool doctor
	check_is "$_machine: exit status" 1 "$code"
	said=${said##*Begin with this: }
	check "$_machine: what is said at the end" tool_says "$@" ". Cure: "
}

# doctor_content MACHINE - nothing fails, whatever it warns of
doctor_content()
{
	tool doctor --json
	check "$1: no first failure, as JSON" tool_says \
		'"first_failure": null' '"exit": 0'
	tool doctor
	check "$1: nothing failed" tool_says ", 0 failed,"
	check_is "$1: exit status" 0 "$code"
}
