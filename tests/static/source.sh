#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Rules for the text of the tree that a search can see.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# Files whose format has no place for a comment, or that come from elsewhere
# as they are.
bare()
{
	grep -vE '^(COPYING|CHANGELOG\.md|\.reuse/dep5)$|^LICENSES/|^tests/data/|^docs/(ABI|drawings)/|\.xz$'
}

# lists PATTERN PATHS... - lines of the tree's files, but not of this one
lists()
{
	_re=$1
	shift
	tree_files "$@" | grep -vx 'tests/static/source\.sh' |
		xargs -d '\n' grep -InE -e "$_re" -- | head -n 20
}

tree_files '*' >"$tmp/files"
bare <"$tmp/files" | while IFS= read -r file; do
	if [ ! -f "$file" ] || [ -L "$file" ]; then
		continue
	fi
	# Their form is Debian's, or JSON, and has no place for a comment.
	case $file in
	*.json|\
	packaging/debian/changelog|packaging/debian/copyright|\
	packaging/debian/source/format|packaging/debian/*.docs)
		continue ;;
	esac
	# In two pieces, or reuse takes it for what this file says of itself.
	sed -n 1,5p "$file" |
		grep -q 'SPDX-License-Iden''tifier: GPL-2.0-only' ||
		echo "$file"
done | check_none "every file says its licence (SPDX)"

lists 'LINUX_VERSION_CODE|KERNEL_VERSION\(' src include asm |
	check_none "no test of the kernel's version: probes instead"
lists 'include <asm/tdx\.h>' src include asm tests/emul |
	check_none "asm/tdx.h is not included: its names clash"
lists 'kallsyms_lookup_name|symbol_get\(' src include asm |
	check_none "no way round what the kernel exports"
lists 'KUNIT|CONFIG_[A-Z_]*TEST|#if.*EMUL|tdx_emul' src include asm Kbuild |
	check_none "no test code in the module"
lists '(TO''DO|FIX''ME|(^|[^X])XX''X|HA''CK)([^a-zA-Z]|$)|not imple''mented' '*' |
	check_none "nothing is left unfinished"
lists '(^|[^-a-zA-Z0-9_.$})/~])/(home|root|work|mnt|srv|opt|media)/[a-z]' '*' |
	check_none "no path of somebody's machine"
# Where packages come from is for the machine's own configuration to say.
lists '(deb|snapshot|security|archive|ftp|mirror)[a-z0-9.-]*\.(debian|ubuntu|kernel)\.(org|com|net)' '*' |
	check_none "no host that packages come from"
lists '[[:space:]]$' src include asm scripts Makefile Kbuild dkms.conf |
	check_none "no blanks at the end of a line"

version=$(sed -n 's/^PACKAGE_VERSION="\([^+"]*\).*/\1/p' dkms.conf)
check_is "CHANGELOG.md begins with the version of dkms.conf" "$version" \
	"$(sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md | head -n 1)"
finish
