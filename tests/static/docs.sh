#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Documents, manual pages and comments are in the form that their readers
# expect.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/../lib/kernel-doc.sh
. "$top/tests/lib/kernel-doc.sh"

kernel
need mandoc perl
pages=0
for page in docs/man/*.[1-9]; do
	[ -f "$page" ] || continue
	pages=$((pages + 1))
	check "$page" mandoc -T lint -W warning "$page"
done
check "there are manual pages" test "$pages" -gt 0

# The kernel's own reader of its comments.
if kernel_doc=$(kernel_doc "$kdir"); then
	tree_files 'src/*.[ch]' 'include/*.h' >"$tmp/files"
	# shellcheck disable=SC2046 # file names without blanks
	perl "$kernel_doc" -none $(cat "$tmp/files") >"$tmp/kernel-doc" 2>&1
	grep -E 'warning|error' "$tmp/kernel-doc" |
		check_none "kernel-doc finds no fault with src and include"
else
	fail "the kernel's headers bring kernel-doc"
fi

check "make doc, and mandoc accepts what it makes" \
	make --no-print-directory doc OUT="$tmp/built"
sed -n 's/^TDX_HOST_EXPORT(\(.*\));.*/\1/p' src/*.c src/*/*.c |
while read -r name; do
	[ -s "$tmp/built/doc/man9/$name.9" ] || echo "$name"
done | check_none "every export has a page"
sed -n 's/^ \* \(struct\|enum\) \([a-z_]*\) - .*/\1_\2/p' include/*/*.h |
while read -r name; do
	[ -s "$tmp/built/doc/html/$name.html" ] || echo "$name"
done | check_none "every public structure has a page"
grep -o 'href="[^"]*"' "$tmp/built/doc/html/index.html" | cut -d '"' -f 2 |
while read -r name; do
	[ -s "$tmp/built/doc/html/$name" ] || echo "$name"
done | check_none "the index of HTML leads to pages"

# Every export is explained where it is declared or where it is defined.
sed -n 's/^TDX_HOST_EXPORT(\(.*\));.*/\1/p' src/*.c src/*/*.c |
while read -r name; do
	grep -qE "^ \* $name\(\) - " include/*/*.h src/*.c src/*/*.c ||
		echo "$name"
done | check_none "every export has kernel-doc"

tree_files '*' >"$tmp/tree"
grep '\.md$' "$tmp/tree" >"$tmp/documents"

# Tables, commands and comments may be longer.
while IFS= read -r document; do
	awk -v name="$document" '
		/^```/ { drawn = !drawn }
		length > 80 && !/^(\||    |<!--)/ && !drawn {
			print name ":" NR ": " length " columns"
		}' "$document"
done <"$tmp/documents" | check_none "prose ends at column 80"

# What a document links to is there: [text](path), from where it is.
while IFS= read -r document; do
	grep -oE '\]\([^)# ]+' "$document" | cut -c 3- |
	while IFS= read -r link; do
		case $link in
		*://*)	continue ;;
		esac
		[ -e "$(dirname -- "$document")/$link" ] ||
			echo "$document: $link"
	done
done <"$tmp/documents" | check_none "links between documents lead somewhere"

# What QEMU prints when there is no TD, where a scenario has it print that.
says=tests/scenarios/kvm/qemu-says.sh
sed -n -e 's/^says "[^"]*" "\([^"]*\)".*/\1/p' \
	-e 's/^warns "\([^"]*\)".*/\1/p' $says >"$tmp/messages"
check "QEMU says something in $says" test -s "$tmp/messages"
while IFS= read -r line; do
	grep -qF -e "\`$line\`" docs/kvm.md || echo "$line"
done <"$tmp/messages" | check_none "docs/kvm.md has each line that QEMU says there"
machine=$(sed -n 's/^TD_MACHINE=//p' tests/vm/guest/qemu.sh)
check "docs/kvm.md starts a TD as scenarios do" grep -qF \
	-e "-object tdx-guest,id=tdx -machine ${machine:?} " docs/kvm.md

check "README.md has 110 lines at most" \
	test "$(wc -l <README.md)" -le 110

# drawing NAME - as docs/architecture.md has it
drawing()
{
	awk -v mark="<!-- drawing: $1 -->" '
		$0 == mark { found = 1; next }
		found && /^```/ { if (inside++) exit; next }
		inside' docs/architecture.md
}

for file in docs/drawings/*.txt; do
	drawing "${file##*/}" >"$tmp/drawing"
	check "docs/architecture.md shows $file as it is" \
		diff "$file" "$tmp/drawing"
done
sed -n 's/^<!-- drawing: \(.*\) -->$/\1/p' docs/architecture.md |
while read -r name; do
	[ -f "docs/drawings/$name" ] || echo "$name"
done | check_none "every drawing in docs/architecture.md has its source"
awk 'length > 80 { print FILENAME ":" FNR ": " length " columns" }' \
	docs/drawings/*.txt | check_none "drawings end at column 80"

# The ground plan, as CONTRIBUTING.md says how to print it.
sed -n 's/^    \([^ ]*\/\) .*/\1/p' CONTRIBUTING.md >"$tmp/plan"
awk -F / '{
	for (i = 1; i < NF; i++) {
		dir = dir $i "/"
		print dir
	}
	dir = ""
}' "$tmp/tree" | sort -u >"$tmp/directories"
grep -vxF -f "$tmp/plan" "$tmp/directories" |
	check_none "every directory has its line in CONTRIBUTING.md"
# A tarball is without what only the repository needs.
[ -e .git ] || sed -i '/^\./d' "$tmp/plan"
grep -vxF -f "$tmp/directories" "$tmp/plan" |
	check_none "every directory in CONTRIBUTING.md is there"
sort "$tmp/plan" | uniq -d |
	check_none "no directory is in CONTRIBUTING.md twice"
finish
