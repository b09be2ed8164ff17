# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # those who source it use it
#
# lintian.sh - how lintian is asked. To be sourced.

# A command for sh, to which files are added. Lintian of Debian 12 does not know
# the newest policy, which debian/control names, and wants scripts for other
# inits; that of 13 does not even know the name of the second complaint.
# shellcheck disable=SC2016 # that sh expands it
LINTIAN='lintian --allow-root --pedantic -I --suppress-tags newer-standards-version$(
	lintian-explain-tags --list-tags |
	sed -n "s/^package-supports-alternative-init-but-no-init.d-script/,&/p")'
