# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of test.sh and expect.sh
#
# pasted.sh - tests/data/pasted-lines.txt, each block on standard input, and
# what is one line as an argument as well

# pasted_block - judge the block that was read: $tmp/line, $tmp/says, $want
pasted_block()
{
	[ -s "$tmp/line" ] || return 0
	blocks=$((blocks + 1))
	[ -s "$tmp/says" ] || why "no words are wanted of this block"
	run decode <"$tmp/line"
	pasted_judge
	run decode --json - <"$tmp/line"
	exits "$want"
	valid
	# A name, or a sentence; and a cure where something failed.
	jq -r '.answers[] | select((.name // .leaf // .errno_name //
		.meaning // .halves) == null or
		((.error or .errno) and .remedy == null)) |
		"nothing for: \(.line)"' "$tmp/out" >>"$tmp/why"
	if [ "$(wc -l <"$tmp/line")" = 1 ]; then
		run decode "$(cat "$tmp/line")" </dev/null
		pasted_judge
	fi
	verdict "$(head -n 1 "$tmp/line" | cut -c 1-120)"
	: >"$tmp/line"
	: >"$tmp/says"
	want=0
}

pasted_judge()
{
	exits "$want"
	quiet
	while IFS= read -r _wanted; do
		says "$_wanted"
	done <"$tmp/says"
}

test_pasted()
{
	blocks=0 want=0
	: >"$tmp/line"
	: >"$tmp/says"
	while IFS= read -r row; do
		case $row in
		'line: '*)	printf '%s\n' "${row#line: }" >>"$tmp/line" ;;
		'says: '*)	printf '%s\n' "${row#says: }" >>"$tmp/says" ;;
		'exit: '*)	want=${row#exit: } ;;
		'')		pasted_block ;;
		'#'*)		;;
		*)		why "pasted-lines.txt: $row" ;;
		esac
	done <tests/data/pasted-lines.txt
	pasted_block
	[ "$blocks" -ge 40 ] || why "only $blocks blocks"
	verdict "pasted-lines.txt is what it was"

	# Of a whole log, only what is about TDX.
	{
		echo '[    0.1] ACPI Error: AE_NOT_FOUND (20240322/psargs-332)'
		echo '[    1.1] usb 1-1: device descriptor read/64, error -71'
		echo '[    1.2] BIOS-e820: [mem 0x0000030100000000-0x00000815000fffff]'
		echo '[    1.3] RAX: 0000000000000001 RBX: ffff888100000000 RCX: 0000000000000000'
		echo '[    1.4] foo: write failed: No space left on device'
		echo '[    1.5] ata1: failed command: 0xc0000100'
		echo '[    9.2] virt/tdx: SEAMCALL (0x21) failed: 0x8000020300000000'
		sed -n 's/^line: //p' tests/data/pasted-lines.txt |
			grep 'virt/tdx: module not loaded'
	} >"$tmp/log"
	run decode <"$tmp/log"
	exits 0
	says 'TDX_RND_NO_ENTROPY'
	says 'no TDX module or P-SEAMLDR'
	[ "$(grep -c . "$tmp/out")" -lt 20 ] || why "$out"
	says_not 'ENOSPC'
	says_not '32 of the 64'
	says_not 'usb'
	says_not 'e820'
	verdict "of a log, only what is about TDX is answered"

	printf 'nothing\nto see here\n' >"$tmp/log"
	run decode <"$tmp/log"
	exits 1
	case $err in
	*"nothing there"*)	;;
	*)	why "said: $err" ;;
	esac
	verdict "a log without TDX: exit 1, and a sentence"
}
