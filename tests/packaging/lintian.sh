# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # those who source it use it
#
# lintian.sh - how lintian is asked. To be sourced.

# Lintian of Debian 12 does not know the newest policy, which debian/control
# names, and wants scripts for other inits; later ones know it and do not.
LINTIAN='lintian --allow-root --pedantic -I --suppress-tags newer-standards-version,package-supports-alternative-init-but-no-init.d-script'
