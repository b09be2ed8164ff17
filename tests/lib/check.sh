# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# check.sh - what groups of checks are written with. To be sourced from the top
# of a script in tests/, which ends with `finish`.
#
# Leaves: $top, the tree, which is also the current directory; $krel, the
# kernel release that is checked against; $kdir, its headers; $tmp, a
# directory of the script's own, gone when it ends.

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$top" || exit 2
prog=${0##*/}
# shellcheck source=SCRIPTDIR/base.sh
. "$top/tests/lib/base.sh"
# Everybody may have sbin's programs looked for.
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C

tmp=$(mktemp -d "${TMPDIR:-/tmp}/tdx-check.XXXXXX") || exit 2
# Never across a mount: a test may have mounted something there.
trap 'rm -rf --one-file-system "$tmp"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Counted in files, for a check may be at the end of a pipe, in a subshell.
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

# because - stdin explains the failure
because()
{
	sed 's/^/# /'
}

# check TEXT COMMAND... - passes if it succeeds; what it prints is shown if not
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

# check_none TEXT - passes if stdin is empty: it lists what is wrong
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

# tree_files PATTERN... - the files of the tree that a pattern or a directory
# names ("*": all); without git, in an unpacked tarball, all that were not built
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

# need PROGRAM - without it nothing can be said
need()
{
	for _p in "$@"; do
		if ! have "$_p"; then
			fail "$_p is there (scripts/setup installs it)"
			finish
		fi
	done
}

# kernel - find $krel and $kdir
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

# build_apart NAME MAKE-ARGUMENT... - build the modules from scratch, beside
# what the others use; $built is where they are then, $built_log what was said
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

# complaints FILE - what a build said that it should not have
complaints()
{
	grep -nEi "warning|error[: ]|objtool|undefined" "$1" |
		grep -v "jobserver unavailable"
}

finish()
{
	[ -s "$tmp/passed" ] || fail "something holds"
	[ ! -s "$tmp/failed" ]
	exit
}
