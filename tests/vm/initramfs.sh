# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# initramfs.sh - pack the initramfs that the guest runs from. Sourced by run.
#
# It is two archives, and the kernel unpacks one over the other: a base that
# depends only on the kernel and this machine's tools, made once and kept, and a
# small overlay for this run, with modules under test, scenario and added files.

# Stock modules that a test may need; those that they depend on are added.
STOCK_MODULES='kvm kvm-intel kvm-amd irqbypass msr cpuid virtio_pci virtio_mem
virtio_console dummy button dax_hmem kmem'

# Programs that start others. The guest has them from this machine, where all
# are in essential packages.
REAL='dash env nice setpriv setsid taskset timeout xargs'

# put FILE ROOT - copy a program to the same path below ROOT, with the libraries
# that it is linked against
put()
{
	_dst=$2/${1#/}
	mkdir -p "${_dst%/*}"
	cp -L "$1" "$_dst"
	put_libraries "$1" "$2"
}

# skeleton ROOT - make all directories for programs links to /bin
skeleton()
{
	mkdir -p "$1/bin" "$1/usr"
	ln -s bin "$1/sbin"
	ln -s ../bin "$1/usr/bin"
	ln -s ../bin "$1/usr/sbin"
}

put_libraries()	# FILE ROOT
{
	# If ldd fails, the file is static or no program: it has no libraries.
	for _lib in $(ldd "$1" 2>/dev/null |
		      sed -n -e 's/^.*=> \(\/[^ ]*\).*$/\1/p' \
			     -e 's/^[[:space:]]*\(\/[^ ]*\) (.*$/\1/p'); do
		[ -f "$2$_lib" ] && continue
		mkdir -p "$2${_lib%/*}"
		cp -L "$_lib" "$2$_lib"
	done
}

# pack ROOT FILE - make an archive of ROOT, in which root owns everything
#
# It is not compressed: QEMU loads it in no time, and the guest would be slow to
# unpack it.
pack()
{
	(cd "$1" && find . | LC_ALL=C sort |
		cpio --quiet -o -H newc -R 0:0 --reproducible) >"$2"
}

# closure MODULES_DIR NAME... - the paths of modules and of all that they depend
# on
closure()
{
	_dir=$1
	shift
	for _m in "$@"; do
		_re=$(printf '%s' "$_m" | sed 's/[-_]/[-_]/g')
		sed -n "s#^\([^:]*/$_re\.ko[.a-z0-9]*\):#\1#p" \
			"$_dir/modules.dep"
	done | tr ' ' '\n' | grep . | LC_ALL=C sort -u
}

# make_base - sets base_root (a directory) and base_img, its archive, for the
# kernel $krel; makes them if they are not in the cache
make_base()
{
	# All that the base depends on is in its name.
	_id=$( { cat "$vm_dir/initramfs.sh" "$vm_dir/guest/init"
		 ls -lL "$BUSYBOX" "$KMOD"
		 [ -z "$kmods" ] || ls -l --full-time "$kmods/modules.dep"
		 printf '%s\n' "$krel" "$kmods"; } 2>/dev/null |
		cksum | tr ' ' -)
	_base=$cache/initramfs/$krel-$_id
	base_root=$_base/root
	base_img=$_base/base.img
	if [ -f "$base_img" ]; then
		touch "$_base"
		return
	fi
	mkdir -p "$cache/initramfs"
	_tmp=$(mktemp -d "$cache/initramfs/.XXXXXX")
	_r=$_tmp/root
	mkdir -p "$_r/dev" "$_r/proc" "$_r/sys" "$_r/tmp" "$_r/run" \
		"$_r/etc" "$_r/root" "$_r/lib/modules/$krel"
	skeleton "$_r"
	cp -L "$BUSYBOX" "$_r/bin/busybox"
	put "$KMOD" "$_r"
	[ -e "$_r/bin/kmod" ] || mv "$_r$KMOD" "$_r/bin/kmod"
	for _a in $("$BUSYBOX" --list); do
		[ -e "$_r/bin/$_a" ] || ln -s busybox "$_r/bin/$_a"
	done
	for _a in modprobe insmod rmmod lsmod modinfo depmod; do
		ln -sf kmod "$_r/bin/$_a"
	done
	# Debian's busybox prefers its own applets to programs in PATH, even
	# where its shell, timeout and the like start a program: they would
	# never find the real modprobe.
	for _a in $REAL; do
		rm -f "$_r/bin/$_a"
		put "$(command -v "$_a")" "$_r"
	done
	ln -sf dash "$_r/bin/sh"
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$_r/etc/passwd"
	printf 'root:x:0:\n' >"$_r/etc/group"
	cp "$vm_dir/guest/init" "$_r/init"
	chmod 755 "$_r/init"

	if [ -n "$kmods" ]; then
		# Debian's packages have no modules.dep, and an unpacked tree
		# may have none either.
		if [ ! -f "$kmods/modules.dep" ]; then
			rm -rf "$_tmp"
			fail "no modules.dep in $kmods: run 'depmod -b" \
				"${kmods%/lib/modules/*} $krel'"
		fi
		# shellcheck disable=SC2086 # a list of names
		for _m in $(closure "$kmods" $STOCK_MODULES); do
			mkdir -p "$_r/lib/modules/$krel/${_m%/*}"
			cp -L "$kmods/$_m" "$_r/lib/modules/$krel/$_m"
		done
		for _m in modules.builtin modules.builtin.modinfo modules.order; do
			[ ! -f "$kmods/$_m" ] ||
				cp "$kmods/$_m" "$_r/lib/modules/$krel/"
		done
	fi
	depmod -b "$_r" "$krel"
	pack "$_r" "$_tmp/base.img"
	# Remove bases of an older state, but not within an hour of their last
	# use, since a run may still be reading them.
	find "$cache/initramfs" -mindepth 1 -maxdepth 1 -mmin +60 \
		-name "$krel-*" -exec rm -rf {} + || :
	# Another run may have made the same base meanwhile: use that.
	mv -T "$_tmp" "$_base" 2>/dev/null || rm -rf "$_tmp"
	[ -f "$base_img" ] || fail "could not make $base_img: is" \
		"$cache writable and has room?"
}

# take_modules DIR ROOT - copy the .ko files of DIR; they replace those of the
# same name
take_modules()
{
	_from=$1
	for _d in "$1/lib/modules/$krel" "$1/$krel"; do
		[ -d "$_d" ] && _from=$_d && break
	done
	_n=0
	# In a modules tree, the kernel's own are below kernel/. What DKMS and
	# "make modules_install" put there is beside it.
	# shellcheck disable=SC2044 # a module's path has no blanks
	for _ko in $(find -L "$_from" -path "$_from/kernel" -prune -o -type f \
		     \( -name '*.ko' -o -name '*.ko.?z' -o -name '*.ko.zst' \) \
		     -print); do
		_stem=${_ko##*/}
		_stem=${_stem%%.ko*}
		rm -f "$2/$_stem".ko "$2/$_stem".ko.?z "$2/$_stem".ko.zst
		cp -L "$_ko" "$2/"
		# Nine tenths are debug information, which would be read at each
		# load. Modules from elsewhere are left as they are: they may be
		# signed.
		[ "$_from" != "$build/$krel" ] || ! have strip ||
			strip -g "$2/${_ko##*/}"
		_n=$((_n + 1))
	done
	[ "$_n" -gt 0 ]
}

# quote TEXT - quote it for a shell, as one word
quote()
{
	printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

# config - the variables that guest/init and guest/guest.sh read
config()
{
	echo "mode=$mode"
	echo "emul=$emul"
	echo "bochs=$bochs"
	echo "clock=$clock"
	echo "emul_args=$(quote "${emul_args# }")"
}

# make_overlay FILE - make the archive for this run
make_overlay()
{
	_r=$tmp/overlay
	_upd=$_r/lib/modules/$krel/updates
	# The same links as in the base: a directory would replace the link,
	# and hide the programs that are there.
	mkdir -p "$_upd" "$_r/vm"
	skeleton "$_r"
	for _ko in $(built_modules); do
		cp "$_ko" "$_upd/"
	done
	if [ -n "$modules" ]; then
		take_modules "$modules" "$_upd" || fail "no .ko file in" \
			"$modules (nor in its lib/modules/$krel):" \
			"give --modules the directory that holds them"
	fi
	# Modules in updates/ come before those of the kernel.
	for _ko in $kvm_modules; do
		cp "$_ko" "$_upd/"
		! have strip || strip -g "$_upd/${_ko##*/}"
	done
	if [ -n "$(ls "$_upd")" ]; then
		# depmod needs the whole tree; the guest has the stock part from
		# the base.
		mkdir "$tmp/tree"
		cp -a "$base_root/lib" "$tmp/tree/lib"
		cp -a "$_upd" "$tmp/tree/lib/modules/$krel/"
		depmod -b "$tmp/tree" "$krel"
		cp "$tmp/tree/lib/modules/$krel"/modules.* "$_r/lib/modules/$krel/"
	fi

	cp "$vm_dir"/guest/*.sh "$_r/vm/"
	config >"$_r/vm/config"
	case $mode in
	cmd)		printf '%s\n' "$cmd" >"$_r/vm/cmd" ;;
	scenario)	cp "$scenario_file" "$_r/vm/scenario"
			[ -z "$after" ] || cp "$after" "$_r/vm/after" ;;
	esac
	if [ -x "$build/tools/kvm_guest" ]; then
		cp "$build/tools/kvm_guest" "$_r/bin/kvm_guest"
	fi
	if [ -x "$build/tools/tdx-host" ]; then
		cp "$build/tools/tdx-host" "$_r/bin/tdx-host"
		put_libraries "$build/tools/tdx-host" "$_r"
	fi

	while IFS= read -r _add; do
		[ -z "$_add" ] || add_file "$_add" "$_r"
	done <<-END
	$added
	END
	pack "$_r" "$1"
}

add_file()	# FILE[:DEST] ROOT
{
	_file=$1
	_dest=/
	if [ ! -e "$_file" ]; then
		_file=${1%:*}
		_dest=/${1##*:}
	fi
	case $_dest in
	*/)	_dest=$_dest${_file##*/} ;;
	*)	[ ! -d "$2$_dest" ] || _dest=$_dest/${_file##*/} ;;
	esac
	mkdir -p "$2${_dest%/*}"
	cp -RL "$_file" "$2$_dest"
	[ -d "$_file" ] || put_libraries "$_file" "$2"
}

# make_initrd - make $tmp/initrd of both archives
make_initrd()
{
	make_base
	make_overlay "$tmp/overlay.img"
	cat "$base_img" "$tmp/overlay.img" >"$tmp/initrd"
}
