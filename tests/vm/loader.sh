# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# loader.sh - unpack the kernel, and build the loader that starts it. Sourced by
# run.

# field OFFSET BYTES - an unsigned number from the boot image's header
field()
{
	od -A n -t "u$2" -j "$1" -N "$2" "$kimg" | tr -d ' '
}

# unpacked_kernel - sets kelf: the vmlinux inside $kimg, or $kimg itself if that
# cannot be unpacked
#
# QEMU starts an ELF kernel by its PVH entry; under TCG this saves the five
# seconds that the image takes to decompress itself. For the payload's place see
# "Documentation/arch/x86/boot.rst": setup_sects, payload_offset and
# payload_length. The last 4 bytes of the payload are the unpacked size; only
# for gzip do they belong to the compressed data.
unpacked_kernel()
{
	kelf=$cache/vmlinux/$krel-$(cksum <"$kimg" | tr ' ' -)
	[ ! -s "$kelf" ] || return 0
	_sects=$(field 497 1)
	_start=$(((${_sects:-0} + 1) * 512 + $(field 584 4)))
	_len=$(field 588 4)
	case $(od -A n -t x1 -j "$_start" -N 4 "$kimg" | tr -d ' ') in
	1f8b*)		_tool=gzip _len=$((_len + 4)) ;;
	fd377a58)	_tool=xz ;;
	28b52ffd)	_tool=zstd ;;
	02214c18)	_tool=lz4 ;;
	*)		_tool=none ;;
	esac
	_conf=${kimg%/*}/config-$krel
	[ -f "$_conf" ] || _conf=${kimg%/*}/config
	if have "$_tool" && grep -qx CONFIG_PVH=y "$_conf" 2>/dev/null; then
		mkdir -p "$cache/vmlinux"
		_t=$(mktemp "$cache/vmlinux/.XXXXXX")
		tail -c +$((_start + 1)) "$kimg" | head -c $((_len - 4)) |
			"$_tool" -dc >"$_t" || :
		if [ "$(head -c 4 "$_t" | tail -c 3)" = ELF ]; then
			mv "$_t" "$kelf"
			return
		fi
		rm -f "$_t"
	fi
	kelf=$kimg
}

# build_pvhboot - sets pvhboot, the loader that starts an unpacked kernel
build_pvhboot()
{
	compile pvhboot.c -m32 -Os -ffreestanding -fno-pic -no-pie \
		-fno-stack-protector -fcf-protection=none -mgeneral-regs-only \
		-nostdlib -Wl,--build-id=none -Wl,-Ttext-segment=0x8000000 \
		-Wl,-z,noexecstack,-z,noseparate-code
	pvhboot=$program
}
