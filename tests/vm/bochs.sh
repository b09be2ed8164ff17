# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# bochs.sh - the VM in Bochs: slow, but its CPU has VMX on any machine. Sourced
# by run.

# The clock of the machine counts instructions: so many are a second, about what
# Bochs reaches at best.  Were there more of them, the guest's timeouts would take
# for ever; were there fewer, it would do nothing but handle timer interrupts.
BOCHS_IPS=200000000

# bochs_check - is what run was asked for possible with Bochs, on this machine?
bochs_check()
{
	need genisoimage
	for _f in /usr/share/bochs/BIOS-bochs-latest \
		  /usr/share/seabios/vgabios-isavga.bin \
		  /usr/lib/ISOLINUX/isolinux.bin \
		  /usr/lib/syslinux/modules/bios/mboot.c32; do
		[ -f "$_f" ] || fail "$_f is not there: run scripts/setup"
	done
	[ "$mode" != shell ] || bad_option "--shell cannot be used with --bochs," \
		"whose serial ports are files"
	# 6.1 starts with it.  With sapphire_rapids it was seen to stop before
	# userland; KVM wants that for TDs, since it has MOVDIR64B.
	[ "$cpu" != max ] || cpu=corei7_skylake_x
	[ -z "$mem_more" ] || bad_option "--mem $mem$mem_more: Bochs cannot plug memory"
	[ -z "$sockets$maxcpus$nodes" ] ||
		bad_option "--smp with sockets or maxcpus, and --nodes, cannot be" \
			"used with --bochs"
	case $mem in
	*M)	bochs_megs=${mem%M} ;;
	*G)	bochs_megs=$((${mem%G} * 1024)) ;;
	*)	bad_option "--mem $mem is more than Bochs can have" ;;
	esac
	# Bochs runs all CPUs in one thread.
	: "${timeout:=$((600 * smp))}"
}

# bochs_build - sets bochs_program: the Bochs that bochs/build makes, once
#
# Debian's own will not do: see bochs/bochs.patch.
bochs_build()
{
	bochs_program=$("$vm_dir/bochs/build") || exit 123
}

# bochs_iso - kernel and initramfs on a CD that isolinux boots
bochs_iso()
{
	_iso=$tmp/iso
	_boot=$_iso/isolinux
	_mods=/usr/lib/syslinux/modules/bios
	mkdir -p "$_boot"
	cp /usr/lib/ISOLINUX/isolinux.bin $_mods/ldlinux.c32 "$_boot/"
	_words="console=ttyS0,115200 quiet panic=-1 nokaslr mitigations=off"
	_words="$_words tsc=reliable no_timer_check cryptomgr.notests"
	# The TSC is that clock, too, whatever CPUID says of its frequency.
	_words="$_words tsc_early_khz=$((BOCHS_IPS / 1000))"
	# Bochs 3.0 panics at a VM exit from a guest with 4 levels of page tables
	# to a host with 5, which the kernel is that kexec starts on such a CPU.
	_words="$_words no5lvl"
	expects_splat || _words="$_words oops=panic"
	unpacked_kernel
	if [ "$kelf" != "$kimg" ]; then
		build_pvhboot
		cp $_mods/mboot.c32 $_mods/libcom32.c32 "$pvhboot" \
			"$_boot/"
		cp "$kelf" "$_boot/vmlinux"
		cp "$tmp/initrd" "$_boot/initrd"
		_label="kernel mboot.c32
  append pvhboot --- vmlinux $_words$append --- initrd"
	else
		cp "$kimg" "$_boot/vmlinuz"
		gzip -1 -n <"$tmp/initrd" >"$_boot/initrd"
		_label="kernel vmlinuz
  append initrd=initrd $_words$append"
	fi
	cat >"$_boot/isolinux.cfg" <<END
default l
prompt 0
timeout 1
label l
  $_label
END
	genisoimage -quiet -o "$tmp/boot.iso" -b isolinux/isolinux.bin \
		-c isolinux/boot.cat -no-emul-boot -boot-load-size 4 \
		-boot-info-table "$_iso" 2>"$tmp/vm.log" ||
		fail "genisoimage: $(cat "$tmp/vm.log")"
	rm -rf "$_iso"
}

# bochs_start - start the VM that the options describe
bochs_start()
{
	bochs_iso
	cat >"$tmp/bochsrc" <<END
config_interface: textconfig
display_library: nogui
megs: $bochs_megs
cpu: model=$cpu, count=$smp, ips=$BOCHS_IPS, reset_on_triple_fault=0
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/seabios/vgabios-isavga.bin
ata0-master: type=cdrom, path=$tmp/boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$tmp/console
com3: enabled=1, mode=file, dev=$tmp/ctl.out
com4: enabled=1, mode=file, dev=$tmp/out
log: $tmp/bochs.log
panic: action=fatal
error: action=report
info: action=ignore
END
	start_vm timeout -k 5 "$timeout" "$bochs_program" -q -f "$tmp/bochsrc"
}
