#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel with CONFIG_INTEL_TDX_HOST=y drives the TDX module itself: there
# tdx_host is skipped by DKMS, does not build, and does not load.
#
# The kernel is the one that is there, with that line in its configuration.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/dkms.sh
. "$top/tests/dkms/dkms.sh"

# owning_kernel RELEASE - headers of a kernel that owns the TDX module
owning_kernel()
{
	_h=/usr/src/linux-headers-$1
	cp -a "$(readlink -f "/lib/modules/$krel/build")" "$_h"
	echo CONFIG_INTEL_TDX_HOST=y >>"$_h/.config"
	echo CONFIG_INTEL_TDX_HOST=y >>"$_h/include/config/auto.conf"
	echo '#define CONFIG_INTEL_TDX_HOST 1' \
		>>"$_h/include/generated/autoconf.h"
	printf '%s\n' "$1" >"$_h/include/config/kernel.release"
	mkdir "/lib/modules/$1"
	ln -s "$_h" "/lib/modules/$1/build"
	depmod "$1" 2>/dev/null || :
}

inside()
{
	owned=$krel-owned
	owning_kernel "$owned"
	m="-m tdx_host -v $version"
	# shellcheck disable=SC2086 # words
	{
		dkms add $m >"$tmp/add" 2>&1
		check "dkms build skips it (status 77)" \
			rc 77 dkms build $m -k "$owned"
		check_said "and says that it is meant to" BUILD_EXCLUSIVE
		check "dkms install skips it (status 77)" \
			rc 77 dkms install $m -k "$owned"
		check "dkms autoinstall goes on without it (status 0)" \
			dkms autoinstall -k "$owned"
		check_said "and says why" "tdx_host: $owned drives"
		dkms add "/usr/src/tdx_host-$version/examples/td" \
			>"$tmp/add" 2>&1
		check "as it does without a module that is built on it" \
			dkms autoinstall -k "$owned"
		check_said "and says that, too" "tdx_consumer: $owned drives"
		check "so does the hook of the kernel's package" \
			/etc/kernel/postinst.d/dkms "$owned"
		find "/lib/modules/$owned/" /var/lib/dkms/ -name '*.ko*' |
			check_none "dkms autoinstall leaves it out, too"
		check "the kernel without it is served all the same" \
			dkms autoinstall -k "$krel"
		check "and then, too, the other goes without it" \
			dkms autoinstall -k "$owned"
		check_said "and says why" "tdx_host: $owned drives"
	}
	s=/usr/src/tdx_host-$version
	check "kbuild stops" rc 2 make -C "/usr/src/linux-headers-$owned" \
		M="$s" modules
	check_said "with a sentence" \
		"tdx_host: this kernel has CONFIG_INTEL_TDX_HOST=y and owns the TDX module itself"
}

private_machine "$@"
# The module as it would be if somebody got round Kbuild: compiled for such a
# kernel, and loaded.
check "a module for such a kernel, Kbuild got round" \
	build_apart owned KCFLAGS=-DCONFIG_INTEL_TDX_HOST=1 TEST_MODULES=
check "does not load, with a sentence" \
	tests/vm/run --emul --modules "$built/$krel" --cmd '
		! modprobe tdx_host && ! test -e /sys/module/tdx_host &&
		dmesg | grep "tdx_host: this kernel drives TDX itself" &&
		grep -x "seamcalls 0" /sys/kernel/debug/tdx_emul/stats'
finish
