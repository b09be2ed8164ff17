#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What can be seen of the modules that `make modules` built without loading
# them.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
need modinfo objdump nm
out=build/$krel
version=$(scripts/version)

# Parameters as the source declares them, by any of the kernel's macros, or by
# one of our own whose name ends in _PARAM.
params()
{
	sed -n -E -e '/##/d; s/^[[:space:]]*module_param[a-z_]*\(([a-z_]+),.*/\1/p' \
		-e 's/^[A-Z_]*_PARAM\(([a-z_]+),.*/\1/p' src/*.c | sort -u
}

# field NAME - of modinfo
field()
{
	modinfo -F "$1" "$ko"
}

# information NAME - modinfo says what it should; $ko is the file then
information()
{
	ko=$out/$1.ko
	if ! check "$1.ko was built" test -f "$ko"; then
		finish
	fi
	check_is "$1: modinfo: version is that of the tree" "$version" \
		"$(field version)"
	check_is "$1: modinfo: license" GPL "$(field license)"
	for _f in description author srcversion vermagic; do
		check "$1: modinfo: $_f" test -n "$(field $_f)"
	done
}

# thin SYMBOL - instructions from entry to return, on the way that a call
# takes that succeeds: no jump taken. `jmp` is a return where the kernel has
# return thunks. ENDBR is not counted, and padding (int3) never reached.
thin()
{
	objdump -d --no-show-raw-insn "$ko" | awk -v s="<$1>:" '
	$2 == s { on = 1; next }
	on && NF < 2 { exit }
	on && $2 ~ /^endbr/ { next }
	on { n++; if ($2 ~ /^(ret|jmp)/) { print n; exit } }'
}

# calls SYMBOL... - what these functions call, each once
calls()
{
	objdump -dr --no-show-raw-insn "$ko" | awk -v names=" $* " '
	/^[0-9a-f]+ <.*>:$/ {
		n = substr($2, 2, length($2) - 3)
		on = index(names, " " n " ")
		next
	}
	on && $2 ~ /^R_X86_64_P(LT|C)32$/ {
		sub(/[-+]0x[0-9a-f]+$/, "", $3)
		print $3
	}' | sort -u
}

information tdx_guest_call
field parm | check_none "tdx_guest_call has no parameter"
nm "$ko" | grep -wE 'init_module|cleanup_module' |
	check_none "tdx_guest_call has nothing to run when it is loaded"
field depends | grep . | check_none "tdx_guest_call needs no other module"

information tdx_host
params >"$tmp/params"
check "the source declares parameters" test -s "$tmp/params"
while read -r name; do
	case $(field parm | grep "^$name:") in
	"$name:"?*[!\ ]*)	pass "modinfo: parameter $name is described" ;;
	*)			fail "modinfo: parameter $name is described" ;;
	esac
done <"$tmp/params"
field parm | sed 's/:.*//' | sort | comm -13 "$tmp/params" - |
	check_none "modinfo: no other parameter"
length=$(thin tdx_host_seamcall)
check "the thin SEAMCALL has at most 9 instructions (${length:-none found})" \
	test "${length:-99}" -ge 3 -a "${length:-99}" -le 9

# A page that may be interrupted while it is promoted or demoted has to be
# tried again; all else that is hot is one SEAMCALL.
hot=$(nm "$ko" | awk '$2 == "T" && $3 ~ /^(tdx_host_(vp_enter|mem_.*)|seamcall_hot)$/ &&
	$3 !~ /(pro|de)mote$/ { print $3 }' | paste -s -d ' ')
# shellcheck disable=SC2086 # symbols
calls $hot >"$tmp/hot"
check "hot calls make a SEAMCALL" grep -q '^tdx_host_seamcall_saved_ret$' \
	"$tmp/hot"
grep -E 'lock|alloc|sleep|delay|retry|schedule|stats|ktime|printk' "$tmp/hot" |
	grep -v '^__SCT__preempt_schedule' |
	check_none "hot calls take no lock, no memory, no pause and no statistics"

# Module.symvers: CRC, symbol, module, kind, namespace, tab separated.
exports=$out/Module.symvers
for side in host guest; do
	check "there are exports tdx_${side}_*" \
		grep -q "$(printf '\ttdx_%s_' $side)" "$exports"
done
awk -F '\t' '$3 ~ /tdx_guest_call$/ && $2 !~ /^tdx_guest_/ ||
	     $3 !~ /tdx_guest_call$/ && $2 !~ /^tdx_host_/' "$exports" |
	check_none "every export is called tdx_host_*, of tdx_guest_call tdx_guest_*"
awk -F '\t' '$4 != "EXPORT_SYMBOL_GPL"' "$exports" |
	check_none "every export is GPL"
awk -F '\t' '$5 != "TDX_HOST"' "$exports" |
	check_none "every export is in namespace TDX_HOST"
awk -F '\t' '{ print $2 }' "$exports" | sort >"$tmp/exported"
cat include/*/*.h >"$tmp/public"
while read -r name; do
	grep -qE "(^|[^a-z_])$name\(" "$tmp/public" || echo "$name"
done <"$tmp/exported" | check_none "a public header declares every export"

# A test module that DKMS would build, or an object of the tests in ours.
tar -c Kbuild dkms.conf | tar -x -O | grep -n 'tests/' |
	check_none "Kbuild and dkms.conf name nothing in tests"
for name in tdx_host tdx_guest_call; do
	nm "$out/$name.ko" | grep -iE 'emul|kunit|_test' |
		check_none "no symbol of a test is in $name"
done
finish
