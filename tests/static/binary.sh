#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What can be seen of the module that `make modules` built without loading it.
# shellcheck source=SCRIPTDIR/../../scripts/checks/lib.sh
. "$(dirname -- "$0")/../../scripts/checks/lib.sh"

kernel
need modinfo objdump nm
out=build/$krel
ko=$out/tdx_host.ko
if [ ! -f "$ko" ]; then
	fail "$ko was built"
	finish
fi

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

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
check_is "modinfo: version is that of dkms.conf" "$version" "$(field version)"
check_is "modinfo: license" GPL "$(field license)"
for name in description author srcversion vermagic; do
	check "modinfo: $name" test -n "$(field $name)"
done
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

# Module.symvers: CRC, symbol, module, kind, namespace, tab separated.
exports=$out/Module.symvers
check "there are exports" grep -q "$(printf '\ttdx_host_')" "$exports"
awk -F '\t' '$2 !~ /^tdx_host_/' "$exports" |
	check_none "every export is called tdx_host_*"
awk -F '\t' '$4 != "EXPORT_SYMBOL_GPL"' "$exports" |
	check_none "every export is GPL"
awk -F '\t' '$5 != "TDX_HOST"' "$exports" |
	check_none "every export is in namespace TDX_HOST"
awk -F '\t' '{ print $2 }' "$exports" | sort >"$tmp/exported"
cat include/tdx_host/*.h >"$tmp/public"
while read -r name; do
	grep -qE "(^|[^a-z_])$name\(" "$tmp/public" || echo "$name"
done <"$tmp/exported" | check_none "a public header declares every export"

# thin SYMBOL - instructions from entry to return, on the way that a SEAMCALL
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

length=$(thin tdx_host_seamcall)
check "the thin SEAMCALL has at most 7 instructions (${length:-none found})" \
	test "${length:-99}" -ge 3 -a "${length:-99}" -le 7

# A test module that DKMS would build, or an object of the tests in ours.
tar -c Kbuild dkms.conf | tar -x -O | grep -n 'tests/' |
	check_none "Kbuild and dkms.conf name nothing in tests"
nm "$ko" | grep -iE 'emul|kunit|_test' |
	check_none "no symbol of a test is in the module"
finish
