# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# uefi.sh - let the VM start as a PC with Secure Boot does: firmware, shim,
# GRUB, kernel, each of which checks who has signed the next. Sourced by run.

# uefi_check - can $kimg be booted that way?
#
# Shim trusts what was signed by a certificate of Debian's. The signature has
# that, and so its name; an unsigned kernel has neither.
uefi_check()
{
	grep -q 'Debian Secure Boot' "$kimg" || fail "--secure-boot:" \
		"kernel $krel ($kimg) is not signed by Debian"
}

# uefi_make - make firmware and EFI system partition in $tmp; with kernel and
# initramfs in it, that is $tmp/esp
uefi_make()
{
	"$vm_dir/firmware" "$mok" "$tmp" || exit 123
	cp "$kimg" "$tmp/esp/vmlinuz"
	mv "$tmp/initrd" "$tmp/esp/initrd"
}

# uefi_devices ARGUMENTS - sets uefi_devices, QEMU's options for all that; the
# kernel gets these arguments
#
# Only System Management Mode may write the variables. GRUB, as Debian signs it,
# looks for its configuration below /EFI/debian; if it refuses the kernel, the VM
# ends.
uefi_devices()
{
	mkdir -p "$tmp/esp/EFI/debian"
	cat >"$tmp/esp/EFI/debian/grub.cfg" <<-END
	linux /vmlinuz $(printf '%s' "$1" | sed 's/[^A-Za-z0-9 ]/\\&/g')
	initrd /initrd
	boot
	halt
	END
	uefi_devices="-machine smm=on
		-global driver=cfi.pflash01,property=secure,value=on
		-global ICH9-LPC.disable_s3=1
		-drive if=pflash,unit=0,format=raw,readonly=on,file=$tmp/code.fd
		-drive if=pflash,unit=1,format=raw,file=$tmp/vars.fd
		-blockdev driver=vvfat,node-name=esp,dir=$tmp/esp,read-only=on
		-device virtio-blk-pci,drive=esp"
}
