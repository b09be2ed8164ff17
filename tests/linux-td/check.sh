#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/linux-td/check.sh [KERNEL...]
#
# Debian's cloud kernel 7.3 boots as a TD to its first program, by the VMM in
# examples/linux-td, in Bochs, whose CPU runs the guest; KVM holds VMX operation
# meanwhile. KERNEL is the host's: 6.1, 7.3; without any, both.
#
# Kernels come from Debian's archives, and are kept. If these cannot be reached,
# that says nothing about this tree: the check is skipped, and says so.
#
# What is sourced uses these, and check() calls those:
# shellcheck disable=SC2034,SC2317
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
vm_dir=$top/tests/vm
# shellcheck source=SCRIPTDIR/../vm/loader.sh
. "$vm_dir/loader.sh"

GUEST=7.3
MEM=128
CPUS=2
results=$top/build/linux-td
out=$results/guest
cache=$(cache_dir)

# What Linux is told.  This Bochs has no SHA instructions, and the TDX module
# does not let the VMM hide them.
words="earlyprintk=serial,ttyS0,115200 console=ttyS0 printk.devkmsg=on"
words="$words no_timer_check panic=-1 cryptomgr.notests mitigations=off"
words="$words swiotlb=2048 clearcpuid=sha_ni"

skip()
{
	pass "$1 # SKIP $2"
	finish
}

# guest_kernel - sets krel and kimg, those of the guest
guest_kernel()
{
	FLAVOURS=cloud-amd64 tests/kernels/run --fetch --results "$results" \
		"$GUEST" >"$tmp/fetch" || return
	krel=$(sed -n 's/^kernel \([^ ]*\) fetch ok.*/\1/p' "$tmp/fetch")
	tests/vm/kernel "$krel" >"$tmp/kernel" || return
	{ read -r krel && read -r kimg; } <"$tmp/kernel"
}

# guest_modules - sets modules: those for attestation, which tests/vm/kernel does
# not keep all of
guest_modules()
{
	modules=$cache/linux-td/$krel
	[ ! -e "$modules/configfs.ko" ] || return 0
	mkdir -p "$modules" "$tmp/deb"
	(cd "$tmp/deb" &&
	 APT_CONFIG=$cache/suites/trixie/apt/apt.conf \
		apt-get -qq download "linux-modules-$krel") || return
	dpkg-deb --fsys-tarfile "$tmp/deb"/*.deb | tar -x -C "$tmp/deb" || return
	# The one that is asked for above comes last.
	for _m in tsm_report tdx-guest configfs; do
		find "$tmp/deb" -name "$_m.ko.xz" -exec xz -dc '{}' ';' \
			>"$modules/.$_m" && [ -s "$modules/.$_m" ] &&
		mv "$modules/.$_m" "$modules/$_m.ko" || return
	done
}

# guest_files - vmlinux and initrd, in $out
guest_files()
{
	_root=$tmp/initrd
	rm -rf "$out"
	mkdir -p "$out" "$_root/dev" "$_root/proc"
	unpacked_kernel
	[ "$kelf" != "$kimg" ] || return
	cp "$kelf" "$out/vmlinux"
	"${CC:-cc}" -std=gnu11 -O2 -Wall -Wextra -Werror -static \
		-o "$_root/init" "$here/init.c" || return
	cp "$modules"/*.ko "$_root/"
	(cd "$_root" && find . | cpio -o -H newc 2>/dev/null) >"$out/initrd"
}

# host KERNEL - build for that host; sets hrel and host_modules, what run needs
host()
{
	host_modules=
	case $1 in
	6.1)
		hrel=$(tests/vm/kernel 6.1 | head -n 1)
		make -s modules KVER="$hrel" ;;
	*)
		tests/kernels/run --build --results "$results/host" "$1" \
			>"$tmp/build" || { cat "$tmp/build"; return 1; }
		hrel=$(sed -n 's/^kernel \([^ ]*\) build ok.*/\1/p' \
			"$tmp/build")
		host_modules="--modules $results/host/$hrel/modules" ;;
	esac
}

# said PATTERN - a line that the guest, the VMM or host.sh printed
said()
{
	grep -qE -- "$1" "$log"
}

# boot KERNEL
boot()
{
	log=$results/$hrel.log
	_script="sh /linux-td/host.sh mem=$MEM vcpus=$CPUS"
	_script="$_script 'cmdline=\"$words\"'"
	# shellcheck disable=SC2086 # options
	tests/vm/run --bochs --no-build --kernel "$hrel" $host_modules --mem 1G \
		--timeout 540 --log "$results/$hrel.console" \
		--add "$out/vmlinux:linux-td/vmlinux" \
		--add "$out/initrd:linux-td/initrd" \
		--add "$here/host.sh:linux-td/host.sh" \
		--emul guest_mem=$((MEM + 16)) --cmd "$_script" \
		>"$log" 2>"$results/$hrel.stderr"
}

# judge KERNEL - what it must have printed
judge()
{
	_release=$(echo "$krel" | sed 's/[.+]/\\&/g')
	for _p in 'status: 0$' '\| .*tdx: Guest detected' \
		  "\| .*userland: Linux $_release\$" \
		  '\| .*userland: cpuinfo has tdx_guest$' \
		  "\\| .*userland: $CPUS CPUs\$" \
		  '\| .*userland: the timer of CPU 0 ticks$' \
		  '\| .*userland: the timer of CPU 1 ticks$' \
		  '\| .*userland: REPORTDATA is ours$' \
		  '\| .*userland: the end$' \
		  'TD destroyed: 0 pages, 0 KeyIDs outstanding$' \
		  'verify: pages_corrupt 0$' 'stats: tds 0$' \
		  'stats: guest_pages 1$' 'stats: refused 0$' \
		  'stats: vcpus_lost 0$' 'kvm: 0 ok '; do
		check "$1: $_p" said "^$_p"
	done
	check_is "$1: MRTD in the TDREPORT is that of the host" \
		"$(sed -n 's/^MRTD //p' "$log")" \
		"$(sed -n 's/^| .*userland: MRTD //p' "$log")"
	sed -n 's/^seconds: /# host uptime before and after, seconds: /p' "$log"
}

need cpio xz zstd
mkdir -p "$results"
[ $# -gt 0 ] || set -- 6.1 7.3
{ guest_kernel && guest_modules; } ||
	skip "the guest's kernel is there" "no archive of Debian's"
check "the guest's files are made" guest_files || finish
for k in "$@"; do
	check "$k: modules are built" host "$k" || continue
	_start=$(date +%s)
	check "$k: Linux boots in a TD" boot "$k"
	echo "# $k: $(($(date +%s) - _start)) s in all"
	judge "$k"
done
finish
