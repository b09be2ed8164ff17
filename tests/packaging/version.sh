#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# There is one version: what people build, pack and load has it, and of a
# snapshot the commit.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

number=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
number=${number%%+*}

# Those who have a number of their own begin with the same.
check_is "packaging/debian/changelog" "$number-0upstream1" \
	"$(sed -n '1s/.*(\(.*\)).*/\1/p' packaging/debian/changelog)"
for spec in packaging/rpm/*.spec; do
	check_is "$spec" "$number" "$(sed -n 's/^Version: *//p' "$spec")"
	check_is "its changelog" "$number-1" \
		"$(sed -n '/^%changelog/{n;s/.* - //p;q}' "$spec")"
done
check_is "packaging/arch/PKGBUILD" "$number" \
	"$(sed -n 's/^pkgver=//p' packaging/arch/PKGBUILD)"

# A repository of its own, with a commit whose time is known.
need git
export HOME="$tmp" GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.invalid
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.invalid
export GIT_COMMITTER_DATE='2026-11-20 23:30:00 +0000'
unset GIT_DIR
repo=$tmp/repo
mkdir -p "$repo/scripts" "$repo/tools"
cp Makefile dkms.conf .gitattributes "$repo/" 2>/dev/null
cp scripts/version "$repo/scripts/"
cp tools/quiet.mk "$repo/tools/"
sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$number\"/" "$repo/dkms.conf"

in_repo()
{
	git -C "$repo" "$@"
}

# unpacked NAME - what `git archive` makes of the commit, in $tmp/NAME
unpacked()
{
	mkdir "$tmp/$1"
	in_repo archive HEAD | tar -x -C "$tmp/$1"
}

in_repo init -q
in_repo add -A
in_repo commit -q -m first
hash=$(in_repo rev-parse HEAD | cut -c 1-7)
snapshot=$number+git20261120.$hash
check_is "a commit without a tag is a snapshot" "$snapshot" \
	"$("$repo/scripts/version" 2>&1)"
unpacked snapshot
check_is "an archive of it knows that" "$snapshot" \
	"$("$tmp/snapshot/scripts/version" 2>&1)"
for out in one two; do
	check "make dist" make -C "$repo" dist OUT="$tmp/$out"
done
check "it has that in its name, and is the same each time" \
	cmp "$tmp/one/tdx_host-$snapshot.tar.gz" \
	"$tmp/two/tdx_host-$snapshot.tar.gz"
tar -x -C "$tmp/one" -f "$tmp/one/tdx_host-$snapshot.tar.gz"
check "and in the dkms.conf that is in it, changed in nothing else" sh -c \
	"sed 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$snapshot\"/' \
	'$repo/dkms.conf' | cmp - '$tmp/one/tdx_host-$snapshot/dkms.conf'"
check_is "which says it" "$snapshot" \
	"$("$tmp/one/tdx_host-$snapshot/scripts/version" 2>&1)"

in_repo tag "v$number"
check_is "a commit with a tag is a release" "$number" \
	"$("$repo/scripts/version" 2>&1)"
unpacked release
check_is "an archive of it knows that" "$number" \
	"$("$tmp/release/scripts/version" 2>&1)"
in_repo commit -q --allow-empty -m second
check_is "the next commit is a snapshot" \
	"$number+git20261120.$(in_repo rev-parse HEAD | cut -c 1-7)" \
	"$("$repo/scripts/version" 2>&1)"
rm -rf "$repo/.git"
check_is "where there is no git, the number is all that is known" "$number" \
	"$("$repo/scripts/version" 2>&1)"
finish
