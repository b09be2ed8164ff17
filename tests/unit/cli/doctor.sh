#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of status, doctor, enable, wait, watch and report on machines that are
# directories: doctor.sh [TDX-HOST]
#
# Builds the tool with sanitizers unless one is given.

set -u

# It is run from the top of the tree.
tool=${1:+$(realpath "$1")}
# shellcheck source=SCRIPTDIR/../../lib/check.sh
. "$(dirname -- "$0")/../../lib/check.sh"
need jq script
tab=$(printf '\t')

# shellcheck source=tests/unit/cli/machine.sh
. "$here/machine.sh"

if [ -z "$tool" ]; then
	make -s -C tools OUT="$top/build/check/doctor" CFLAGS="-O1 -g -Werror \
		-fsanitize=address,undefined -fno-sanitize-recover=all" ||
		exit 2
	tool=$top/build/check/doctor/tools/tdx-host
fi
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=print_stacktrace=1
unset NO_COLOR COLUMNS

# run ARGUMENT... - the tool on the machine; leaves $out, $said (on one line,
# with single spaces) and $code
run()
{
	_command=$1
	shift
	"$tool" "$_command" --root "$root" "$@" >"$tmp/out" 2>"$tmp/err"
	code=$?
	out=$(cat "$tmp/out" "$tmp/err")
	said=$(tr -s '\n ' ' ' <"$tmp/out")
}

# says TEXT WORDS - what it said has them, however it was folded
says()
{
	case $said in
	*"$2"*)	pass "$1" ;;
	*)	fail "$1"
		printf 'want: %s\n%s\n' "$2" "$out" | because ;;
	esac
}

# narrow TEXT - no line is longer than 80 columns, but for commands to copy
narrow()
{
	grep -v '^  ' "$tmp/out" | awk 'length > 80' >"$tmp/long"
	check_none "$1" <"$tmp/long"
}

# json FILTER - of the last output
json()
{
	jq -r "$1" "$tmp/out" 2>&1
}

# first NAME CHECK CAUSE WORDS - doctor names that cause first, with a cure, as
# text and as JSON; WORDS are in what it says
first()
{
	run doctor --json
	check_is "$1: first failure and cause, exit status, as JSON" "$2 $3 1 1" \
		"$(json '.first_failure') $(failed .cause) $(json .exit) $code"
	_text="$(failed .text). Cure: $(failed .cure)."
	run doctor
	check_is "$1: exit status" 1 "$code"
	says "$1: at the end, with the cure" "$_text"
	says "$1: the numbers" "$4"
	narrow "$1: at 80 columns"
}

# failed FILTER - of the check that failed first
failed()
{
	json "[.checks[] | select(.result == \"fail\")][0] | $1"
}

# finds NAME CHECK RESULT CAUSE - what one check finds; CAUSE null for none
finds()
{
	run doctor --json
	check_is "$1" "$3 $4" "$(json ".checks[] | select(.name == \"$2\") |
		\"\(.result) \(.cause)\"")"
}

# valid NAME - the last output, as JSON, keeps to the schema
valid()
{
	jq -r --slurpfile schema docs/tdx-host.schema.json \
		-f "$here/schema.jq" "$tmp/out" 2>&1 | check_none "$1"
}

# content NAME - nothing failed
content()
{
	run doctor --json
	check_is "$1: as JSON" "null 0 0" \
		"$(json '"\(.first_failure) \(.exit)"') $code"
	run doctor
	check_is "$1: exit status" 0 "$code"
	says "$1: it is said" ", 0 failed,"
	narrow "$1: at 80 columns"
}

# shellcheck source=tests/unit/cli/doctor_cases.sh
. "$here/doctor_cases.sh"
# shellcheck source=tests/unit/cli/status_cases.sh
. "$here/status_cases.sh"
# shellcheck source=tests/unit/cli/wait_cases.sh
. "$here/wait_cases.sh"
# shellcheck source=tests/unit/cli/report_cases.sh
. "$here/report_cases.sh"

finish
