# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# check.sh - how checks are made and counted. A script below tests/ sources it
# first, and ends with `finish`.
#
# Sets $top, the tree, which becomes the current directory; $here, the
# directory of the script; and $tmp, a directory that goes when the script ends.

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=${here%/tests/*}
prog=${here#"$top/"}/${0##*/}
cd "$top" || exit 2
# shellcheck source=SCRIPTDIR/base.sh
. "$top/tests/lib/base.sh"
case ${1:-} in
--help|-h)
	introduction | grep '^usage: ' >/dev/null || printf 'usage: %s\n\n' "$prog"
	introduction
	echo
	echo "Exit status: 0 if every check passed, 1 if not, 2 after a wrong" \
		"argument."
	exit 0 ;;
esac
export LC_ALL=C
temporary "${TMPDIR:-/tmp}/tdx-check"

# Counted in files, since a check may run in a subshell: at the end of a pipe,
# or in the background.
pass()
{
	echo "$*" >>"$tmp/passed"
	echo "ok - $*"
}

fail()
{
	echo "$*" >>"$tmp/failed"
	echo "not ok - $*"
}

# because - print stdin as the reason of a failure
because()
{
	sed 's/^/# /'
}

# check TEXT COMMAND... - passes if the command succeeds; shows what it printed
# if not
check()
{
	_text=$1
	shift
	if "$@" >"$tmp/said" 2>&1 </dev/null; then
		pass "$_text"
	else
		_status=$?
		fail "$_text"
		{ echo "status $_status of: $*"; tail -n 40 "$tmp/said"; } |
			because
		return 1
	fi
}

# check_said TEXT WORDS - passes if the command of the last check printed them
check_said()
{
	if tr -s '\n' ' ' <"$tmp/said" | grep -qF -e "$2"; then
		pass "$1"
	else
		fail "$1"
		{ echo "want: $2"; sed 's/^/got:  /' "$tmp/said"; } |
			tail -n 40 | because
		return 1
	fi
}

# check_is TEXT WANT GOT
check_is()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		printf 'want: %s\ngot:  %s\n' "$2" "$3" | because
		return 1
	fi
}

# check_none TEXT - passes if stdin, a list of what is wrong, is empty
check_none()
{
	cat >"$tmp/none"
	if [ -s "$tmp/none" ]; then
		fail "$1"
		head -n 40 "$tmp/none" | because
		return 1
	fi
	pass "$1"
}

# rc STATUS COMMAND... - succeeds if the command exits with that status
rc()
{
	_want=$1
	shift
	_got=0
	"$@" || _got=$?
	echo "status $_got"
	[ "$_got" = "$_want" ]
}

# tree_files PATTERN... - the files of the tree that match a pattern or are in a
# directory ("*": all of them); in an unpacked tarball, which has no git, all
# but those in build/
tree_files()
{
	if [ -e "$top/.git" ]; then
		git ls-files
	else
		find . -path ./build -prune -o -type f -print | sed 's,^\./,,'
	fi | while IFS= read -r _file; do
		for _pattern in "$@"; do
			# shellcheck disable=SC2254 # patterns they are
			case $_file in
			$_pattern|$_pattern/*)
				echo "$_file"
				break ;;
			esac
		done
	done
}

# need PROGRAM... - without these nothing can be checked
need()
{
	for _p in "$@"; do
		if ! have "$_p"; then
			fail "$_p is there (scripts/setup installs it)"
			finish
		fi
	done
}

# kernel - sets krel, the kernel release to check against, and kdir, its headers
kernel()
{
	_help=$(make -s --no-print-directory help)
	krel=$(printf "%s\n" "$_help" | sed -n "s/^ *kernel: KVER=//p")
	kdir=$(printf "%s\n" "$_help" | sed -n "s/^ *KDIR=//p")
	if [ -z "$krel" ] || [ ! -d "$kdir" ]; then
		fail "kernel headers are there (scripts/setup installs them)"
		finish
	fi
}

# build_apart NAME MAKE-ARGUMENT... - build the modules from scratch, in a
# directory of their own; sets built, where they are, and built_log, the output
build_apart()
{
	built=$top/build/check/$1
	built_log=$built.make
	shift
	rm -rf "$built"
	mkdir -p "$built"
	make --no-print-directory modules OUT="$built" "$@" \
		>"$built_log" 2>&1
}

# complaints FILE - the lines of a build's output that should not be there
complaints()
{
	grep -nEi "warning|error[: ]|objtool|undefined" "$1" |
		grep -v "jobserver unavailable"
}

# finish - print TAP's plan, and how many passed and failed, and exit; no check at
# all is a failure
finish()
{
	[ -s "$tmp/passed" ] || fail "something was checked"
	: >>"$tmp/passed"
	: >>"$tmp/failed"
	_passed=$(grep -c '' "$tmp/passed" || :)
	_failed=$(grep -c '' "$tmp/failed" || :)
	echo "1..$((_passed + _failed))"
	echo "$_passed passed, $_failed failed"
	[ ! -s "$tmp/failed" ]
	exit
}
