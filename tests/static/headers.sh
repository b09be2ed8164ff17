#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A module may include any one public header, in any order, twice, and with
# nothing included before it; and code written for a kernel with TDX host
# support of its own compiles with mainline_names.h.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
# From where a user has them, and where nothing else of the tree is.
check "make install-headers" make --no-print-directory install-headers \
	DESTDIR="$tmp/installed"
headers=$(echo "$tmp"/installed/usr/src/tdx_host-*/include)
diff -r include "$headers" | check_none "it installs all of them"
m=$tmp/module
mkdir -p "$m"
objects=
for header in "$headers"/*/*.h; do
	name=${header#"$headers/"}
	object=$(echo "${name%.h}" | tr / -)
	cat >"$m/$object.c" <<-END
	#include <$name>
	#include <$name>
	END
	objects="$objects $object.o"
done
cp tests/static/mainline_names.c "$m/port.c"
cat >"$m/clash.c" <<-END
#if __has_include(<asm/tdx.h>)
#include <asm/tdx.h>
#else
#define _ASM_X86_TDX_H
#endif
#include <tdx_host/mainline_names.h>
END
# Never linked: what is asked is whether each compiles.
cat >"$m/Kbuild" <<-END
obj-m := headers.o
headers-y :=$objects port.o clash.o
ccflags-y := -I$headers -Werror
END
for header in "$headers"/*/*.h; do
	name=${header#"$headers/"}
	object=$(echo "${name%.h}" | tr / -)
	check "$name" make --no-print-directory -C "$kdir" \
		M="$m" W=1 "$object.o"
done
check "code with the names of mainline, and their arguments" \
	make --no-print-directory -C "$kdir" M="$m" W=1 port.o
if make --no-print-directory -C "$kdir" M="$m" clash.o >"$tmp/said" 2>&1; then
	fail "mainline_names.h after <asm/tdx.h> is refused"
else
	check_said "mainline_names.h after <asm/tdx.h> is refused in a sentence" \
		"<asm/tdx.h> declares these names, too: do not include it"
fi
finish
