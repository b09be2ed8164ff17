#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own compiler with W=1 (which reads kernel-doc, too), objtool
# and modpost have nothing to say about any module.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
check "all modules build with W=1" build_apart gcc W=1 ||
	tail -n 40 "$built_log" | because
complaints "$built_log" | check_none "compiler, objtool and modpost are silent"
finish
