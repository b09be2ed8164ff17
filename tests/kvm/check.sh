#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/kvm/check.sh [quick]
#
# TDs of KVM on stock kernels: KVM with TDX is built for them, out of their own
# source, and runs TDs on 7.3, in Bochs, in every scenario that needs it. With
# "quick", it is built for one kernel, and one TD by ioctls and those of QEMU
# are made.
#
# Kernels, compilers, sources and QEMU come from Debian's archives, and are kept.
# If these cannot be reached, that says nothing about this tree: the checks are
# skipped, and say so.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

# Where tests/vm/run --kvm-tdx looks for what is built here.
results=$top/build/kvm

# include COMMAND... - the checks that it makes are made here
include()
{
	rm -f "$tmp/status"
	{ "$@" 2>&1 || echo $? >"$tmp/status"; } | while IFS= read -r _line; do
		case $_line in
		'ok - '*)		pass "${_line#ok - }" ;;
		'not ok - '*)		fail "${_line#not ok - }" ;;
		1..*|*' passed, '*' failed') ;;
		*)			echo "$_line" ;;
		esac
	done
	if [ -s "$tmp/status" ] && [ ! -s "$tmp/failed" ]; then
		fail "$* comes to its end (status $(cat "$tmp/status"))"
	fi
}

# host - tdx_host and the emulator for 7.3
host()
{
	check "modules are built for 7.3" \
		tests/kernels/run --build --results "$results/host" 7.3
}

# wanted - names of scenarios, of those on stdin
wanted()
{
	while read -r _name _; do
		case $_name in
		qemu-*)		[ $qemu = no ] || echo "$_name" ;;
		kvm-td-life)	echo "$_name" ;;
		*)		[ -n "$quick" ] || echo "$_name" ;;
		esac
	done
}

# scenarios - run them, several at a time; each check is one here
scenarios()
{
	qemu=yes
	tests/vm/guest-qemu >"$tmp/qemu" 2>&1 || qemu=no
	if [ $qemu = no ]; then
		because <"$tmp/qemu"
		pass "scenarios with QEMU # SKIP Debian's archives do not have it, or not for us"
	fi
	_names=$(tests/vm/run-all --kvm-tdx --list | wanted)
	if [ -z "$_names" ]; then
		fail "there are scenarios that need KVM with TDX"
		return
	fi
	_jobs=$(nproc)
	[ -z "$quick" ] || _jobs=1
	rm -rf "$results/vm"
	# shellcheck disable=SC2086 # a list of names
	tests/vm/run-all --no-build --jobs "$_jobs" --out "$results/vm" \
		$_names 2>&1 | because
	for _name in $_names; do
		read -r _ _status _ok _bad _ <<-END
		$(grep "^$_name " "$results/vm/results" || echo "- lost 0 0")
		END
		include sed -n "s/^\(\(not \)*ok - \)/\1$_name: /p" \
			"$results/vm/$_name.log"
		[ "$_status" = 0 ] || grep -q '^not ok' \
			"$results/vm/$_name.log" ||
			fail "$_name: runs to its end (status $_status)"
	done
}

quick=${1:-}
case $quick in
''|quick)	;;
*)		die 2 "'$quick' is not \"quick\"" ;;
esac
include tests/kvm/build.sh ${quick:+7.3-amd64}
set -- "$results"/7.3.*[0-9]-amd64/kvm-intel.ko
if [ -f "$1" ]; then
	host && scenarios
elif [ ! -s "$tmp/failed" ]; then
	pass "scenarios with KVM with TDX # SKIP it was not built"
fi
finish
