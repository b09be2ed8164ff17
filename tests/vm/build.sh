# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# build.sh - compile what the guest needs. Sourced by run.

# build_modules - those that the tree's Makefile builds, for this kernel
build_modules()
{
	[ "$make" = yes ] || return 0
	if ! grep -q '^modules[ :]' "$top/Makefile" 2>/dev/null; then
		note "no modules to build: no target 'modules' in a Makefile" \
			"at the top of the tree"
		return
	fi
	if [ ! -e "/usr/src/linux-headers-$krel/Makefile" ] &&
	   [ ! -e "/lib/modules/$krel/build/Makefile" ]; then
		note "no modules to build: the headers of kernel $krel" \
			"(linux-headers-$krel) are not installed"
		return
	fi
	mkdir -p "$build"
	[ -e "$build/$krel/tdx_host.ko" ] ||
		note "building the modules for $krel into build/$krel, which" \
			"takes a minute or two"
	# Two runs at once must not both write the same objects.
	if ! flock "$build/.vm-build.lock" make -s -C "$top" modules \
	     KVER="$krel" >"$tmp/make" 2>&1; then
		cat "$tmp/make" >&2
		fail "'make modules KVER=$krel' failed, see above"
	fi
	# Debian's headers come without vmlinux; kbuild says so every time.
	grep -v '^Skipping BTF generation' "$tmp/make" >&2 || :
}

# build_tool - tdx-host, for people and scenarios in the guest
build_tool()
{
	[ "$make" = yes ] && [ -e "$top/tools/Makefile" ] || return 0
	[ -e "$build/tools/tdx-host" ] ||
		note "building tdx-host into build/tools"
	if ! flock "$build/.vm-build.lock" make -s -C "$top/tools" OUT="$build" \
	     >"$tmp/make" 2>&1; then
		cat "$tmp/make" >&2
		fail "'make tools' failed, see above (scripts/setup installs" \
			"what it needs)"
	fi
}

# built_modules - the .ko files that "make modules" leaves
built_modules()
{
	for _ko in "$build/$krel"/*.ko "$build/$krel"/tests/*.ko; do
		[ ! -f "$_ko" ] || printf '%s\n' "$_ko"
	done
}

has_module()	# NAME
{
	built_modules | grep -q "/$1\.ko$" && return
	[ -n "$modules" ] && find -L "$modules" -name "$1.ko*" | grep -q .
}

# find_kvm - sets kvm_modules, KVM with TDX, and modules if no others were asked
# for
find_kvm()
{
	for _ko in "$build/kvm/$krel"/*.ko; do
		[ ! -f "$_ko" ] || kvm_modules="$kvm_modules $_ko"
	done
	[ -n "$kvm_modules" ] || fail "--kvm-tdx: no KVM with TDX in" \
		"build/kvm/$krel: run 'make check-kvm', or tests/kvm/build.sh"
	: "${modules:=$build/kvm/host/$krel/modules}"
	[ -d "$modules" ] || fail "--kvm-tdx: no modules for $krel in" \
		"build/kvm/host: run 'make check-kvm', or 'tests/kernels/run" \
		"--build --results build/kvm/host $kernel'"
}

# compile SOURCE FLAG... - a static program, which needs nothing of the guest;
# sets $program, where it is
compile()
{
	_src=$vm_dir/$1
	_name=${1##*/}
	_name=${_name%.[cS]}
	program=$build/tools/$_name
	shift
	[ -f "$program" ] && [ -z "$(find "$vm_dir/guest" -name '*.[chS]' \
				-newer "$program")" ] && return
	mkdir -p "$build/tools"
	${CC:-cc} -std=gnu11 -Wall -Wextra -static "$@" -o "$tmp/$_name" \
		"$_src" >&2 || fail "$_src does not compile, see above"
	mv "$tmp/$_name" "$program"
}

# add_qemu - add what --guest-qemu puts into the guest: /qemu, and a program in
# PATH that starts it with its own libraries
add_qemu()
{
	_dir=$("$vm_dir/guest-qemu") || exit 123
	compile guest/firmware.S -nostdlib -no-pie -Wl,--build-id=none \
		-Wl,-Ttext=0xffff0000 -Wl,--oformat=binary
	cat >"$tmp/qemu-system-x86_64" <<-'END'
	#!/bin/sh
	exec /qemu/ld.so --library-path /qemu/lib --argv0 "$0" \
		/qemu/qemu-system-x86_64 -L /qemu/share "$@"
	END
	chmod 755 "$tmp/qemu-system-x86_64"
	# Before what --add brings, which may be for the same directory.
	added="$_dir:qemu
$program:qemu/firmware
$tmp/qemu-system-x86_64:bin/
$added"
}

# build_all - modules, and the programs of guest/ that were asked for
build_all()
{
	build_modules
	build_tool
	if [ "$bochs" = yes ]; then
		bochs_build
		compile guest/kvm_guest.c -O2 -pthread
	fi
	if [ "$kvm_tdx" = yes ]; then
		find_kvm
		compile guest/kvm_td.c -O2 "$vm_dir/guest/kvm_td_page.S"
		added="$added$program:bin/kvm_td
"
	fi
	if [ "$kexec" = yes ]; then
		compile guest/kexec.c -O2
		added="$added$program:bin/kexec
$kimg:vm/kernel
"
	fi
	[ "$guest_qemu" = no ] || add_qemu
	[ "$emul" = no ] || has_module tdx_emul || fail "--emul: there is no" \
		"tdx_emul.ko for $krel in build/ or --modules"
}
