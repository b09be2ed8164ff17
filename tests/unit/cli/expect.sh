# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of test.sh and check.sh
#
# expect.sh - run the tool and compare what it says with what is expected.
#
# A check may expect many things: what is not as expected is collected in
# $tmp/why, until verdict.

# verdict NAME - the check passes if everything was as expected
verdict()
{
	[ -e "$tmp/why" ] || : >"$tmp/why"
	check_none "$1" <"$tmp/why"
	: >"$tmp/why"
}

why()
{
	printf '%s\n' "$*" >>"$tmp/why"
}

# run ARGUMENT... - the tool, with this stdin; leaves $out, whose spaces and
# line ends are one space each, $err and $code
run()
{
	code=0
	"$tool" "$@" >"$tmp/out" 2>"$tmp/err" || code=$?
	out=$(tr -s ' \n' ' ' <"$tmp/out")
	err=$(cat "$tmp/err")
}

says()
{
	case $out in
	*"$1"*)	;;
	*)	why "wanted: $1"
		why "got: $out$err" ;;
	esac
}

says_not()
{
	case $out in
	*"$1"*)	why "did not want: $1"
		why "got: $out$err" ;;
	esac
}

exits()
{
	[ "$code" -eq "$1" ] || why "exit status $code, not $1: $out$err"
}

quiet()
{
	[ -z "$err" ] || why "said on stderr: $err"
}

# refuses VALUE ARGUMENT... - exit 2, a sentence on stderr that names VALUE and a
# cure, nothing on stdout
refuses()
{
	_value=$1
	shift
	run "$@" </dev/null
	exits 2
	[ -z "$out" ] || why "'$*' printed: $out"
	case $err in
	tdx-host*"$_value"*)	;;
	*)	why "'$*' did not name '$_value': $err" ;;
	esac
	case $err in
	*give*|*try:*|*takes*|*lists*|*Try*)	;;
	*)	why "'$*' named no cure: $err" ;;
	esac
}

# decodes WORDS SENTENCE... - decode, with these words
decodes()
{
	_words=$1
	shift
	# shellcheck disable=SC2086 # words they are
	run decode $_words </dev/null
	exits 0
	quiet
	for _sentence in "$@"; do
		says "$_sentence"
	done
}

# valid - what is in $tmp/out keeps to docs/tdx-host.schema.json
valid()
{
	jq -r --slurpfile schema docs/tdx-host.schema.json \
		-f "$here/schema.jq" "$tmp/out" >>"$tmp/why" 2>&1 ||
		why "jq failed on: $(cat "$tmp/out")"
}
