# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set them
#
# root.sh - a root directory in which the compiler of a kernel's suite runs. To
# be sourced, after apt.sh.
#
# Modules have to be built with the compiler of the kernel, and that needs the C
# library of its suite. So packages are unpacked into a directory, without
# running any maintainer script, and make runs there with chroot. That takes
# root, or user namespaces for everybody; the machine's dpkg is not involved.

# The programs that kbuild, the Makefile of this tree and src/compat use.
TOOLS='make dash bash coreutils diffutils findutils grep sed mawk tar
util-linux kmod perl'

# unpack ROOT DEB... - extract packages into ROOT
unpack()
{
	_root=$1
	shift
	mkdir -p "$_root/usr/bin" "$_root/usr/sbin" "$_root/usr/lib" \
		"$_root/usr/lib64" "$_root/tmp" "$_root/proc" "$_root/dev" \
		"$_root/tree" "$_root/out"
	# /bin and the like are links (merged /usr), which packages that are
	# older than that follow.
	for _l in bin sbin lib lib64; do
		[ -e "$_root/$_l" ] || ln -s "usr/$_l" "$_root/$_l"
	done
	: >>"$_root/dev/null"
	for _deb in "$@"; do
		case ${_deb##*/} in
		base-files_*)	continue ;;
		esac
		dpkg-deb --fsys-tarfile "$_deb" | tar -x -C "$_root" \
			--no-same-owner --keep-directory-symlink \
			--exclude=./usr/share/doc --exclude=./usr/share/man \
			--exclude=./usr/share/info \
			--exclude=./usr/share/locale --exclude=./dev ||
			die 1 "${_deb##*/} could not be unpacked into $_root"
	done
	# Maintainer scripts would make these links.
	[ -e "$_root/usr/bin/sh" ] || ln -sf dash "$_root/usr/bin/sh"
	[ -e "$_root/usr/bin/awk" ] || ln -sf mawk "$_root/usr/bin/awk"
}

# add_tools DIR PACKAGE... - put packages, and all that they depend on, into
# DIR/root
add_tools()
{
	_dir=$1
	shift
	apt-get -qq -y --download-only install "$@" >"$_dir/apt/log/install" \
		2>&1 </dev/null || {
		cat "$_dir/apt/log/install" >&2
		die 1 "apt-get could not download $*, see above"
	}
	set -- "$_dir"/apt/cache/archives/*.deb
	[ -e "$1" ] || return 0
	unpack "$_dir/root" "$@"
	# All or none: apt does not continue from half of a set.
	cp "$_dir/apt/state/status" "$_dir/apt/status.new"
	for _deb in "$@"; do
		echo "Status: install ok installed"
		dpkg-deb --field "$_deb"
		echo
	done >>"$_dir/apt/status.new"
	mv "$_dir/apt/status.new" "$_dir/apt/state/status"
	rm -f "$@"
}

# headers_of RELEASE - its header packages, but not kbuild: add_tools takes
# that, since its programs depend on libraries
headers_of()
{
	echo "linux-headers-$1"
	apt-cache depends "linux-headers-$1" |
		sed -n 's/^ *Depends: \(linux-headers-.*-common.*\)$/\1/p'
}

kbuild_of()	# RELEASE
{
	apt-cache depends "linux-headers-$1" |
		sed -n 's/^ *Depends: \(linux-kbuild-.*\)$/\1/p'
}

# add_headers DIR RELEASE COMPILER - put all that it takes to build modules into
# DIR/root
#
# The headers are downloaded, not "installed", because those of some kernels
# depend on the whole kernel.
add_headers()
{
	[ ! -e "$1/headers/$2" ] || return 0
	_kbuild=$(kbuild_of "$2")
	[ -n "$_kbuild" ] || die 1 "linux-headers-$2 depends on no" \
		"linux-kbuild-...: it is packed in a way that $prog does not know"
	note "fetching compiler and headers for $2 (unpacked under $1)"
	# shellcheck disable=SC2086 # a list of names
	add_tools "$1" $TOOLS "$3" "$_kbuild"
	_tmp=$(mktemp -d "$1/.headers.XXXXXX")
	# shellcheck disable=SC2046 # a list of names
	(cd "$_tmp" && apt-get -qq download $(headers_of "$2")) >&2 || {
		rm -rf "$_tmp"
		die 1 "apt-get could not download the headers of $2, see above"
	}
	unpack "$1/root" "$_tmp"/*.deb
	rm -rf "$_tmp"
	mkdir -p "$1/headers"
	: >"$1/headers/$2"
}

# in_root ROOT OUT COMMAND... - run it in ROOT, with this tree at /tree and OUT
# at /out
#
# /proc is there because objtool reads /proc/self/limits. The mounts go with the
# command.
in_root()
{
	_root=$1
	_out=$2
	shift 2
	set -- "$_root" "$top" "$_out" "$@"
	if [ "$(id -u)" = 0 ]; then
		set -- -m "$@"
	else
		set -- -rm "$@"
	fi
	_flags=$1
	shift
	# shellcheck disable=SC2016 # the shell inside expands it
	unshare "$_flags" sh -c '
		mount --bind "$2" "$1/tree" && mount --bind "$3" "$1/out" &&
		mount --rbind /proc "$1/proc" &&
		mount --bind /dev/null "$1/dev/null" || exit 120
		root=$1
		shift 3
		exec chroot "$root" /usr/bin/env -i HOME=/tmp LC_ALL=C \
			PATH=/usr/bin:/usr/sbin:/bin:/sbin "$@"
	' in_root "$@"
}

# may_mount - can in_root() mount? Building needs that.
may_mount()
{
	if [ "$(id -u)" = 0 ]; then
		set -- -m
	else
		set -- -rm
	fi
	mkdir "$tmp/mount"
	unshare "$@" mount --bind "$tmp/mount" "$tmp/mount"
}
