# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of test.sh
#
# expect.sh - run the tool and compare what it says with what is expected.
# Sourced after tests/lib/check.sh.
#
# A test may expect many things and is still one check: what is not as expected
# is collected in $tmp/why, until verdict.

# verdict NAME - the check passes if everything was as expected
verdict()
{
	check_none "$awk: $1" <"$tmp/why"
	: > "$tmp/why"
}

why()
{
	printf '%s\n' "$*" >> "$tmp/why"
}

# run ARGUMENT... - the tool; leaves $out, $err and $code
run()
{
	PATH="$tmp/$awk:$PATH" "$tool" "$@" > "$tmp/out" 2> "$tmp/err"
	code=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
}

# says TEXT - $out has a line that is exactly TEXT
says()
{
	case "
$out
" in
	*"
$1
"*)
		;;
	*)
		why "wanted the line: $1"
		why "got:"
		printf '%s\n%s\n' "$out" "$err" >> "$tmp/why"
	esac
}

exits()
{
	if [ "$code" -ne "$1" ]; then
		why "exit status $code, not $1: $out $err"
	fi
}

# quiet - nothing went to stderr
quiet()
{
	if [ -n "$err" ]; then
		why "said on stderr: $err"
	fi
}

# refuses VALUE ARGUMENT... - exit 2, one sentence on stderr that names VALUE,
# nothing on stdout
refuses()
{
	_value=$1
	shift
	run "$@"
	exits 2
	if [ -n "$out" ]; then
		why "'$*' printed: $out"
	fi
	if [ "$(wc -l < "$tmp/err")" -ne 1 ]; then
		why "'$*' did not say one line: $err"
	fi
	case $err in
	"tdx-host: "*"$_value"*)
		;;
	*)
		why "'$*' did not name '$_value': $err"
	esac
	case $err in
	*give*|*try:*|*takes*|*ask*|*"own is"*)
		;;
	*)
		why "'$*' named no cure: $err"
	esac
	verdict "refuses: tdx-host $*"
}

# decodes NAME ARGUMENT... - reads the lines to expect from stdin
decodes()
{
	_name=$1
	shift
	run decode "$@"
	exits 0
	quiet
	while IFS= read -r _line; do
		says "$_line"
	done
	verdict "$_name"
}
