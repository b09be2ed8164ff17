#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dkms add, build, install, status, autoinstall and remove, for real, of what
# `make dist` packs; and a virtual machine's modprobe finds what was installed.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/dkms.sh
. "$top/tests/dkms/dkms.sh"

# dkms_does TEXT COMMAND... - and says nothing of deprecated directives
dkms_does()
{
	_what=$1
	shift
	check "$_what" "$@"
	cat "$tmp/said" >>"$tmp/all"
}

# status - "tdx_host/VERSION, KERNEL, ARCH: WORD"
status()
{
	dkms status -m tdx_host -v "$version" 2>&1
}

# installed [NAME] - that module, or both
installed()
{
	find "/lib/modules/$krel" -name "${1:-tdx_*}.ko*"
}

trees()
{
	find /lib/modules/ /var/lib/dkms/ -mindepth 1 ! -name 'modules.*' \
		! -name 'mok.*' ! -name dkms_dbversion | sort
}

inside()
{
	trees >"$tmp/before"
	m="-m tdx_host -v $version"
	# shellcheck disable=SC2086 # words
	{
		dkms_does "dkms add" dkms add $m
		check_is "dkms status: added" "tdx_host/$version: added" \
			"$(status)"
		dkms_does "dkms build" dkms build $m -k "$krel"
		check_is "dkms status: built" \
			"tdx_host/$version, $krel, x86_64: built" "$(status)"
		dkms_does "dkms install" dkms install $m -k "$krel"
		check_is "dkms status: installed" \
			"tdx_host/$version, $krel, x86_64: installed" "$(status)"
		for _m in tdx_host tdx_guest_call; do
			_ko=$(installed $_m)
			case $_ko in
			"/lib/modules/$krel/updates/dkms/$_m.ko"*)
				pass "$_m is in /updates/dkms" ;;
			*)	fail "$_m is in /updates/dkms"
				echo "found: $_ko" | because ;;
			esac
			check_is "modinfo finds $_m by name" "$_ko" \
				"$(modinfo -k "$krel" -n $_m)"
			check_is "$_m is of this version" "$version" \
				"$(modinfo -k "$krel" -F version $_m)"
		done
		mkdir -p "$1/lib/modules/$krel"
		cp -a "/lib/modules/$krel/updates" "$1/lib/modules/$krel/"
		find "/lib/modules/$krel/updates" /var/lib/dkms -name '*.ko*' |
			grep -vE '/tdx_(host|guest_call)\.ko' |
			check_none "no other module was built"

		dkms_does "dkms uninstall" dkms uninstall $m -k "$krel"
		check_is "uninstalling removes the files" "" "$(installed)"
		dkms_does "dkms remove" dkms remove $m --all
		check_is "dkms status: gone" "" "$(status)"
		trees | comm -13 "$tmp/before" - |
			check_none "removing leaves nothing"

		# In a tree in which something was built.
		rm -rf "$tmp/tree"
		mv "/usr/src/tdx_host-$version" "$tmp/tree"
		mkdir "$tmp/tree/build"
		echo >"$tmp/tree/build/large"
		dkms_does "dkms add of a tree" dkms add "$tmp/tree"
		find "/usr/src/tdx_host-$version" -name large |
			check_none "what was built there is not copied"
		check "and is still there" test -e "$tmp/tree/build/large"
		dkms_does "dkms autoinstall" dkms autoinstall -k "$krel"
		check_is "autoinstall installs it" \
			"tdx_host/$version, $krel, x86_64: installed" "$(status)"
		dkms_does "dkms remove, installed" dkms remove $m --all
		check_is "removing it removes the files" "" "$(installed)"
		trees | comm -13 "$tmp/before" - |
			check_none "removing it leaves nothing"
	}
	grep -iE 'deprecat|warning|error!' "$tmp/all" |
		check_none "DKMS warned of nothing"
}

private_machine "$@"
tar -t -f "$out/tdx_host-$version.tar.gz" |
	grep -E '^[^/]*/(build|\.ci|\.git[a-z]*)(/|$)' |
	check_none "the tarball holds nothing that only the repository needs"
for name in tdx_host tdx_guest_call; do
	ko=$(find "$out/lib" -name "$name.ko*")
	sha256sum <"${ko:-/dev/null}" >"$out/$name.sum"
done
# shellcheck disable=SC2016 # the guest expands it
check "modprobe in a virtual machine loads what DKMS installed" \
	tests/vm/run --emul --modules "$out" --add "$out/tdx_host.sum" \
	--add "$out/tdx_guest_call.sum" --cmd '
		for m in tdx_host tdx_guest_call; do
			sha256sum <"$(modinfo -n $m)" | cmp - /$m.sum &&
			modprobe $m && modinfo -n $m || exit 1
		done
		grep -x detected /sys/devices/platform/tdx_host/state'
finish
