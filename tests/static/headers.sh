#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A module may include any one public header, in any order, twice, and with
# nothing included before it.
# shellcheck source=SCRIPTDIR/../../scripts/checks/lib.sh
. "$(dirname -- "$0")/../../scripts/checks/lib.sh"

kernel
m=$tmp/module
mkdir -p "$m"
objects=
for header in include/tdx_host/*.h; do
	name=$(basename "$header" .h)
	cat >"$m/$name.c" <<-END
	#include <tdx_host/$name.h>
	#include <tdx_host/$name.h>
	END
	objects="$objects $name.o"
done
# Never linked: what is asked is whether each compiles.
cat >"$m/Kbuild" <<-END
obj-m := headers.o
headers-y :=$objects
ccflags-y := -I$top/include -Werror
END
for header in include/tdx_host/*.h; do
	name=$(basename "$header" .h)
	check "tdx_host/$name.h" make --no-print-directory -C "$kdir" \
		M="$m" W=1 "$name.o"
done
finish
