#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# "Building a module on tdx_host" as examples/README.md tells it: its commands
# are run as they stand there, on a machine with DKMS, and a virtual machine
# loads what came of them.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/dkms.sh
. "$top/tests/dkms/dkms.sh"
# shellcheck source=SCRIPTDIR/readme.sh
. "$top/tests/dkms/readme.sh"

# next_version DIR - a newer tdx_host, on whose interface nothing that was built
# on the other can be loaded, becomes /usr/src/tdx_host-$next
# shellcheck disable=SC2317 # check calls it
next_version()
{
	cp -a "$1" "/usr/src/tdx_host-$next"
	sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$next\"/" \
		"/usr/src/tdx_host-$next/dkms.conf"
	sed -i 's/^struct tdx_host_sysinfo {/&\n\tu64 newer;/' \
		"/usr/src/tdx_host-$next/include/tdx_host/sysinfo.h"
	! cmp -s "$1/include/tdx_host/sysinfo.h" \
		"/usr/src/tdx_host-$next/include/tdx_host/sysinfo.h"
}

# crc_wanted SYMBOL - what the installed consumer wants it to be
crc_wanted()
{
	modprobe --dump-modversions "$(modinfo -k "$krel" -n tdx_consumer)" |
		awk -v symbol="$1" '$2 == symbol { print $1 }'
}

# crc_there SYMBOL - what the installed tdx_host has
crc_there()
{
	awk -v symbol="$1" '$2 == symbol { print $1 }' \
		"/var/lib/dkms/tdx_host/kernel-$krel-x86_64/module/Module.symvers"
}

inside()
{
	tree=$tmp/tree
	mkdir "$tree"
	check "a newer tdx_host" next_version "/usr/src/tdx_host-$version"
	cp -a "/usr/src/tdx_host-$version" "$tree/host"
	rm -rf "/usr/src/tdx_host-$version"

	readme_commands >"$tmp/commands"
	check "examples/README.md has the commands" test -s "$tmp/commands"
	while read -r command; do
		check "$command" run_command "$tree/host" "$krel" "$command"
		# Inside the tree nothing may be left to lean on.
		case $command in
		*tdx_host/*)	rm -rf "$tree/host/include" "$tree/host/src" ;;
		esac
	done <"$tmp/commands"
	check_is "dkms status: tdx_consumer" \
		"tdx_consumer/$consumer, $krel, x86_64: installed" \
		"$(dkms status -m tdx_consumer -v "$consumer" 2>&1)"
	check "Module.symvers is kept" test -s \
		"/var/lib/dkms/tdx_host/$version/$krel/x86_64/module/Module.symvers"
	grep -iE 'undefined|warning' "$(find \
		"/var/lib/dkms/tdx_consumer/$consumer/$krel" -name make.log)" |
		check_none "every symbol was found"

	# As a package of the newer one does it.
	check "dkms remove, to upgrade tdx_host" \
		dkms remove "tdx_host/$version" --all
	check "dkms install of the newer one" \
		dkms install "tdx_host/$next" -k "$krel"
	check_said "builds what was built on the other anew, and says so" \
		"tdx_host: building tdx_consumer/$consumer anew"
	check_is "dkms status: both are installed" \
		"tdx_consumer/$consumer, $krel, x86_64: installed tdx_host/$next, $krel, x86_64: installed" \
		"$(dkms status -k "$krel" 2>&1 | sort | paste -s -d ' ')"
	check_is "tdx_consumer wants what tdx_host exports now" \
		"$(crc_there tdx_host_get_sysinfo)" \
		"$(crc_wanted tdx_host_get_sysinfo)"
	mkdir -p "$1/lib/modules/$krel"
	cp -a "/lib/modules/$krel/updates" "$1/lib/modules/$krel/"
	version=$next

	# The other example needs no more than what is installed either.
	cp -a "$tree/host/examples/hello" "$tmp/hello"
	check "examples/hello builds where nothing of tdx_host is beside it" \
		make -C "$tmp/hello" KVER="$krel"
	complaints "$tmp/said" | check_none "it builds without a warning"

	# A kernel that comes later: tdx_host first, whatever the order of names.
	for _m in tdx_consumer/$consumer tdx_host/$version; do
		dkms uninstall "$_m" -k "$krel" >/dev/null 2>&1
		dkms unbuild "$_m" -k "$krel" >/dev/null 2>&1
	done
	check "dkms autoinstall builds both" dkms autoinstall -k "$krel"
	check_is "dkms status: both installed" 2 \
		"$(dkms status -k "$krel" 2>&1 | grep -c ': installed$')"
	for _m in tdx_consumer/$consumer tdx_host/$version; do
		check "dkms remove $_m" dkms remove "$_m" --all
	done
	check_is "dkms status: nothing is left" "" "$(dkms status 2>&1)"
}

next=$version.1
private_machine "$@"
# shellcheck disable=SC2016 # the guest expands it
check "modprobe in a virtual machine loads both, and a TD lives" \
	tests/vm/run --emul --modules "$out" --cmd '
		modprobe tdx_consumer && modinfo -n tdx_consumer tdx_host &&
		dmesg | grep "TD destroyed: 0 pages, 0 KeyIDs outstanding"'
finish
