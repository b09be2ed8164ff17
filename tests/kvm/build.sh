#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/kvm/build.sh [KERNEL...]
#
# KVM with TDX is built for stock kernels, each out of its own source, after the
# proof that this is the source; where anything is not as it should be, nothing
# is built. KERNEL is a kernel of tests/kernels/list and a flavour, 7.3-amd64.
# Without any: 7.3 and 7.2, amd64, rt and cloud. The modules are in
# build/kvm/RELEASE then.
#
# Kernels, compilers and sources come from Debian's archives, and are kept. If
# these cannot be reached, that says nothing about this tree: the check is
# skipped, and says so.

# Functions that only check() calls, shellcheck believes never to be called, and
# what sed, make and other shells expand, to be forgotten here:
# shellcheck disable=SC2317,SC2016
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/../kernels/root.sh
. "$top/tests/kernels/root.sh"

skip()
{
	pass "$1 # SKIP $2"
}

# fetch SERIES FLAVOUR [UPDATE] - sets krel; headers, modules, compiler and
# source are in the cache then
fetch()
{
	TDX_DEBUG_UPDATE=${3:+1}
	export TDX_DEBUG_UPDATE
	FLAVOURS=$2 tests/kernels/run --fetch ${3:+--update} \
		--results "$results" "$1" >"$tmp/fetch" &&
	tests/debug/fetch "$1" >"$tmp/source" || return
	krel=$(sed -n 's/^kernel \([^ ]*\) fetch ok.*/\1/p' "$tmp/fetch")
	{ read -r version && read -r source; } <"$tmp/source"
	kroot=$(cache_dir)/suites/trixie/root
	grep -qF "\" Debian $version\"" \
		"$kroot/usr/src/linux-headers-$krel/include/generated/package.h"
}

# lay_out SERIES - what `build` needs, in $work, as it is on a machine that has
# the kernel's packages; only KVM is taken out of their tarball, once
lay_out()
{
	work=$results/$krel
	rm -rf "$work"
	mkdir -p "$work/own/kernel/arch/x86/kvm" "$work/dkms"
	_all=$source/linux-source-$1.tar.xz
	_kvm=$source/kvm-$version.tar
	if [ ! -s "$_kvm" ]; then
		mkdir "$tmp/kvm"
		tar -x -C "$tmp/kvm" -f "$_all" \
			"linux-source-$1/arch/x86/kvm" \
			"linux-source-$1/virt/kvm" &&
		tar -c -C "$tmp/kvm" -f "$_kvm.$$" "linux-source-$1" &&
		mv "$_kvm.$$" "$_kvm" || return
		rm -rf "$tmp/kvm"
	fi
	mkdir "$work/source"
	tar -x -C "$work/source" -f "$_kvm" && pack || return
	for _m in kvm kvm-intel kvm-amd; do
		xz -dc "$(find "$(cache_dir)/kernels/$krel/" -name "$_m.ko.xz")" \
			>"$work/own/kernel/arch/x86/kvm/$_m.ko" || return
	done
	cp -R kvm/* include "$work/dkms/"
}

# build [NAME=VALUE...] - as DKMS runs it
build()
{
	in_root "$kroot" "$work" env \
		TDX_KVM_HEADERS="/usr/src/linux-headers-$krel" \
		TDX_KVM_MODULES=/out/own TDX_KVM_SOURCE=/out/source.tar \
		TDX_KVM_SOURCE_VERSION="$version" "$@" \
		sh -c 'cd /out/dkms && exec ./build "$1"' sh "$krel"
}

# modules - those that were built
modules()
{
	find "$work/dkms/" -path '*/modules/*'
}

# own - checksums of the kernel's own modules
own()
{
	(cd "$work/own" && find . -type f -exec sha256sum {} + | sort)
}

# refused TEXT SENTENCE [NAME=VALUE...] - nothing is built, and it is said why
refused()
{
	_what=$1
	_why=$2
	shift 2
	check "$krel: $_what is refused" rc 77 build "$@"
	check_said "and it is said why" \
		"tdx-host-kvm: $krel keeps its own KVM, without TDX: $_why"
	modules | check_none "nothing is there to be installed"
	check_is "the kernel's own modules are as they were" "$before" "$(own)"
}

# pack - the tarball that stands for the source package's; with all of the time
# of a change, by which make knows what to build anew
pack()
{
	tar -c --format=posix -C "$work/source" -f "$work/source.tar" \
		"linux-source-$series"
}

# change FILE SCRIPT - edit a file of KVM's, in the source package
change()
{
	changed=$work/source/linux-source-$series/arch/x86/kvm/$1
	cp "$changed" "$tmp/original"
	sed "$2" "$tmp/original" >"$changed"
	! cmp -s "$changed" "$tmp/original" || fail "$1 can be changed"
	pack
}

unchange()
{
	cat "$tmp/original" >"$changed"
	pack
}

# refusals - each in a build directory in which only that has to be built anew
refusals()
{
	before=$(own)
	refused "a source of another version" \
		"it was built from linux-source-$series $version, and 7.3.3-1 is installed: run 'apt-get install --allow-downgrades linux-source-$series=$version'" \
		TDX_KVM_SOURCE_VERSION=7.3.3-1
	refused "a kernel without its source" \
		"its source, linux-source-$series $version, is not installed: run 'apt-get install" \
		TDX_KVM_SOURCE=/out/nowhere
	refused "a kernel without its own modules" \
		"its own module kvm" \
		TDX_KVM_MODULES=/out/nowhere

	change vmx/posted_intr.c \
		'/^void vmx_vcpu_pi_load(/,/^{/s/^{/{ if (cpu == 4711) return;/'
	refused "a KVM file that was changed" \
		"kvm-intel.ko, built as it is from linux-source-$series $version, has another .text than the kernel's own:"
	unchange

	: >"$work/source/linux-source-$series/arch/x86/kvm/vmx/new.c"
	change Makefile '$akvm-intel-y += vmx/new.o'
	refused "a KVM file that is not known" \
		"KVM has files that are not known here, vmx/new.o:"
	unchange

	change vmx/tdx.c \
		'$au64 tdh_new(void); u64 tdx_new(void); u64 tdx_new(void) { return tdh_new(); }'
	refused "a symbol too many" \
		"KVM wants functions that are not known here, tdh_new:"
	unchange

	change vmx/tdx.c \
		'/^#define pr_fmt/a#define tdh_mr_finalize(td) ((void)(td), 0)'
	refused "a symbol that is missing" \
		"KVM does not want functions that are known here, tdh_mr_finalize:"
	unchange

	check "$krel: and then it is built again" build
}

# one SERIES FLAVOUR
one()
{
	series=$1
	what="linux $1-$2: KVM with TDX is built"
	if [ $mounts = no ]; then
		skip "$what" "nothing can be mounted here: is this a container?"
		return
	fi
	# A kernel and a source of the same version, at least of the newest.
	if ! fetch "$1" "$2" && ! fetch "$1" "$2" update; then
		skip "$what" "Debian's archives do not have it, or not for us"
		return
	fi
	check "$krel: its source is laid out" lay_out "$1" || return
	check "$krel: KVM with TDX is built" build || return
	cp "$tmp/said" "$work/log"
	for _m in kvm kvm-intel kvm-amd; do
		[ -e "$work/dkms/modules/$_m.ko" ] || continue
		for _s in '.text equal' \
			  '.rodata equal, but for names of source files' \
			  'all [0-9]* sections equal, and what they refer to'
		do
			_said=$(grep -x "$krel $_m proof: $_s" "$work/log")
			check "${_said:-$krel $_m proof: $_s}" [ -n "$_said" ]
		done
		cp "$work/dkms/modules/$_m.ko" "$work/"
		check_is "$krel $_m depends on what the kernel's own does" \
			"$(modinfo -F depends \
				"$work/own/kernel/arch/x86/kvm/$_m.ko")" \
			"$(modinfo -F depends "$work/$_m.ko")"
	done
	grep -nEi 'warning|objtool:' "$work/log" |
		grep -v 'jobserver unavailable' |
		check_none "$krel: without a warning"
	check "$krel: kvm-intel has the parameter tdx" sh -c \
		"modinfo -F parm '$work/kvm-intel.ko' | grep '^tdx:'"
	if [ $first = yes ]; then
		refusals
	fi
	first=no
}

need flock unshare chroot tar xz modinfo
results=$top/build/kvm
mkdir -p "$results"
# Two runs must not build in one directory.
exec 7>>"$results/.lock"
flock 7
first=yes
mounts=yes
may_mount || mounts=no
[ $# -gt 0 ] || set -- 7.3-amd64 7.3-rt-amd64 7.3-cloud-amd64 \
	7.2-amd64 7.2-rt-amd64 7.2-cloud-amd64
for k in "$@"; do
	one "${k%%-*}" "${k#*-}"
done
finish
