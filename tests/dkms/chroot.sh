# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set them
#
# chroot.sh - a Debian system to install things in. To be sourced, after
# tests/lib/check.sh and tests/kernels/apt.sh.
#
# It is made by debootstrap and apt once, and kept with what the tests install
# later already downloaded. The tests see it below an overlay that goes with
# their mount namespace, so that each begins with the same system.

# What is in it before the test begins. initramfs-tools is what kernels want;
# INITRD=No keeps it from being run.
BASE='dkms build-essential debhelper dh-dkms libjson-c-dev pkgconf lintian
initramfs-tools'
# What autopkgtest wants to install there later, besides kernels.
LATER='autopkgtest busybox-static cpio gcc kmod lz4 make qemu-system-x86
util-linux xz-utils zstd'

# The smallest kernel that Debian has.
FLAVOUR=cloud-amd64

# Archives of the suite, besides its own.
ARCHIVES=security

# Where the test sees it; version is that of the package.
layer=$tmp/layer
root=$layer/root

# settings ROOT SUITE - files that let apt work in it, as it does here
settings()
{
	for _f in resolv.conf hosts; do
		[ ! -e "/etc/$_f" ] || cp -L "/etc/$_f" "$1/etc/$_f"
	done
	{
		apt-config dump | grep '^Acquire::' |
			grep -v '^Acquire::IndexTargets'
		echo 'Acquire::Languages "none";'
		echo 'APT::Install-Recommends "false";'
		# In a user namespace there is no _apt to become.
		echo 'APT::Sandbox::User "root";'
	} >"$1/etc/apt/apt.conf.d/90tdx-host-check"
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	# shellcheck disable=SC2046 # a list of names
	sources "$2" $(printf "$2-%s\n" $ARCHIVES) >"$1/etc/apt/sources.list"
	# As apt's -t does it, for kernels and what comes with them alone.
	printf 'Package: linux-*\nPin: release n=%s-backports\nPin-Priority: 500\n' \
		"$2" >"$1/etc/apt/preferences.d/90tdx-host-check"
	# There is no init to start anything.
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
}

# enter ROOT COMMAND... - as a login there would, without one
enter()
{
	_root=$1
	shift
	chroot "$_root" /usr/bin/env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive INITRD=No \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# mounts ROOT - what programs in it expect; gone with the namespace
mounts()
{
	mount --rbind /proc "$1/proc" && mount --rbind /dev "$1/dev"
}

# two_kernels ROOT PATTERN - the two newest, the older first; a kernel's headers
# are there some days before the kernel is signed
two_kernels()
{
	enter "$1" apt-cache pkgnames linux-headers- |
		sed -n "s/^linux-headers-\([0-9].*-$FLAVOUR\)\$/\1/p" |
		while read -r _r; do
			# shellcheck disable=SC2254 # a pattern it is
			case $_r in
			$2-$FLAVOUR)	enter "$1" apt-cache show \
					"linux-image-$_r" </dev/null |
					sed -n "s/^Package: .*/$_r/p" ;;
			esac
		done | sort -V -u | tail -n 2
}

# packages RELEASE - a kernel as people have it
packages()
{
	echo "linux-image-$1 linux-headers-$1"
}

# metapackages - what brings people the newest
metapackages()
{
	echo "linux-image-$FLAVOUR linux-headers-$FLAVOUR"
}

# make_chroot DIR SUITE PATTERN - DIR/root; DIR/kernels names its kernel and
# the one that it can be upgraded to
make_chroot()
{
	contents=$(echo "$BASE $LATER $FLAVOUR $3" | paste -s -d ' ' -)
	[ "$(cat "$1/complete" 2>/dev/null)" != "$contents" ] || return 0
	note "making a Debian $2 system (kept in $1)"
	rm -rf --one-file-system "$1"
	mkdir -p "$1"
	find_archives
	find_keys
	if ! { debootstrap --variant=minbase --keyring="$keys" "$2" "$1/root" \
		"$debian_uri" && settings "$1/root" "$2" &&
	       mounts "$1/root" && enter "$1/root" apt-get -qq update
	     } >"$1/log" 2>&1; then
		tail -n 40 "$1/log" >&2
		return 1
	fi
	two_kernels "$1/root" "$3" >"$1/kernels"
	if ! { read -r _old && read -r _new; } <"$1/kernels"; then
		note "Debian $2 has not two kernels $3-$FLAVOUR, so that none" \
			"can be upgraded"
		return 1
	fi
	# shellcheck disable=SC2046,SC2086 # lists of names
	if ! { enter "$1/root" apt-get -qq -y install $BASE \
			$(packages "$_old") &&
	       enter "$1/root" apt-get -qq clean &&
	       enter "$1/root" apt-get -qq -y --download-only install \
			$(packages "$_new") $(metapackages) $LATER
	     } >>"$1/log" 2>&1; then
		tail -n 40 "$1/log" >&2
		return 1
	fi
	echo "$contents" >"$1/complete"
}

# overlay LOWER - at $root
overlay()
{
	mkdir "$layer"
	mount -t tmpfs tmpfs "$layer" &&
	mkdir "$layer/upper" "$layer/work" "$root" &&
	mount -t overlay overlay "$root" -o \
		"lowerdir=$1,upperdir=$layer/upper,workdir=$layer/work" &&
	mounts "$root"
}

# in_it COMMAND... - in the system that the test sees
in_it()
{
	enter "$root" "$@"
}

# everything - the system's files, without what changes by itself
everything()
{
	(cd "$root" && find bin boot etc lib lib64 opt root sbin srv usr var \
		-xdev \( -path var/cache -o -path var/log -o \
			 -path var/lib/dpkg -o -path var/lib/apt \) -prune \
		-o -print | grep -vE \
		'/modules\.[^/]*$|^var/lib/dkms/mok\.|^etc/ld\.so\.cache' |
		sort)
}

# leaves_nothing TEXT - compared with $tmp/before
leaves_nothing()
{
	everything | comm -3 "$tmp/before" - | check_none "$1"
}

# make_deb VERSION TARBALL - into /var/local/VERSION of the system
make_deb()
{
	mkdir -p "$root/var/local/$1"
	cp "$2" packaging/deb "$root/var/local/"
	in_it /var/local/deb "/var/local/${2##*/}" "/var/local/$1"
}

# packages_there - "ii NAME" of those that are installed
packages_there()
{
	# shellcheck disable=SC2016 # dpkg expands it
	in_it dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' | sort
}

# owning_kernel - headers of a kernel that drives the TDX module itself
owning_kernel()
{
	_h=/usr/src/linux-headers-owned
	cp -a "$(in_it readlink -f "/lib/modules/$1/build" | sed "s,^,$root,")" \
		"$root$_h"
	echo CONFIG_INTEL_TDX_HOST=y >>"$root$_h/.config"
	echo CONFIG_INTEL_TDX_HOST=y >>"$root$_h/include/config/auto.conf"
	mkdir "$root/lib/modules/owned"
	ln -s "$_h" "$root/lib/modules/owned/build"
}

no_owning_kernel()
{
	rm -rf "$root/usr/src/linux-headers-owned" "$root/lib/modules/owned"
}

# hooks_end_with_0 RELEASE - what the packages of a kernel run, of DKMS
hooks_end_with_0()
{
	for _h in kernel/header_postinst.d kernel/postinst.d kernel/prerm.d; do
		[ ! -x "$root/etc/$_h/dkms" ] || in_it "/etc/$_h/dkms" "$1" || {
			echo "/etc/$_h/dkms: status $?"
			return 1
		}
	done
}
