#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The inline calls of <tdx_guest/tdg.h> compile to the register moves of the
# call, TDCALL, the return, and nothing else. tests/modules/tdcall_thin.c
# has each of them in a function; `make modules` compiled it.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
need objdump
ko=build/$krel/tests/tdx_tdcall_test.ko
if ! check "tdx_tdcall_test.ko was built" test -f "$ko"; then
	finish
fi
objdump -d --no-show-raw-insn "$ko" >"$tmp/code"

# code FUNCTION - its instructions up to the return, without ENDBR. `jmp` is a
# return where the kernel has return thunks.
code()
{
	awk -v s="<$1>:" '
	$2 == s { on = 1; next }
	on && NF < 2 { exit }
	on && $2 ~ /^endbr/ { next }
	on { sub(/^[^\t]*\t/, ""); print; if ($1 ~ /^(ret|jmp)/) exit }' \
		"$tmp/code"
}

# Function and how many instructions: leaf number, inputs that are not in
# their place, TDCALL, outputs that go elsewhere, return.
functions()
{
	cat <<'END'
page_accept 4
report      6
rtmr_extend 5
vm_rd       6
vp_rd       6
sys_rd      5
vm_rd_next  7
vp_rd_next  7
sys_rd_next 6
veinfo_get  8
cpuidve_set 4
vp_info     8
END
}

# extra - of instructions from stdin, those that are no part of a call. What
# may be there: a number or a register into a register, a register set to 0, an
# output to where a pointer argument says.
# shellcheck disable=SC2016 # $ begins a number
extra()
{
	grep -vE -e '^mov +(\$0x[0-9a-f]+|%r[a-z0-9]+),%[er][a-z0-9]+$' \
		-e '^mov +%r[a-z0-9]+,(0x[0-9a-f]+)?\(%r[ds]i\)$' \
		-e '^xor +(%[er][a-z0-9]+),\1$' \
		-e '^tdcall *$' -e '^(ret|jmp)'
}

for other in 'mov    0x8(%rdi),%rcx' 'test   %rsi,%rsi' 'push   %rbp' \
	     'xor    %eax,%ecx' 'call   1 <f>'; do
	check_is "\"$other\" would be noticed" "$other" \
		"$(echo "$other" | extra)"
done
functions >"$tmp/functions"
while read -r name most; do
	code "thin_$name" >"$tmp/one"
	check_is "$name: one TDCALL" 1 "$(grep -c '^tdcall *$' "$tmp/one")"
	extra <"$tmp/one" |
		check_none "$name: moves, TDCALL, return, and nothing else"
	n=$(wc -l <"$tmp/one")
	check "$name: $n instructions, $most at most" \
		test "$n" -ge 3 -a "$n" -le "$most"
done <"$tmp/functions"
sed -n 's/^.*static __always_inline.*tdx_guest_\([a-z_]*\)(.*/\1/p
	/^static __always_inline/ { n
	s/^tdx_guest_\([a-z_]*\)(.*/\1/p
	}' include/tdx_guest/tdg.h | sort -u >"$tmp/inlines"
check "there are inline calls" test -s "$tmp/inlines"
cut -d ' ' -f 1 "$tmp/functions" | sort | comm -13 - "$tmp/inlines" |
	check_none "every inline call of the header is among them"
finish
