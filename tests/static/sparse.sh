#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# sparse has nothing to say about any file of any module.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
need sparse
check "all modules build under sparse" build_apart sparse C=2 ||
	tail -n 40 "$built_log" | because
complaints "$built_log" | check_none "sparse is silent"
finish
