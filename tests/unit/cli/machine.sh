# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # $tmp: check.sh
#
# machine.sh - machines for tdx-host --root: directories with what it reads
#
# Sourced after tests/lib/check.sh.

root=$tmp/root
kernel=6.1.0-56-amd64
sysfs=sys/devices/platform/tdx_host
debugfs=sys/kernel/debug/tdx_host

# file PATH TEXT - a file of the machine
file()
{
	mkdir -p "$root/${1%/*}"
	printf '%s\n' "$2" >"$root/$1"
}

# gone PATH... - it has no such files
gone()
{
	for _path in "$@"; do
		rm -rf "${root:?}/$_path"
	done
}

# msr NUMBER VALUE [CPU...] - an MSR, as rdmsr(1) prints it; on all CPUs
msr()
{
	_msr=$1
	_value=$2
	shift 2
	[ $# -gt 0 ] || set -- 0 1 2 3
	for _cpu in "$@"; do
		file "dev/cpu/$_cpu/msr/$_msr" "$_value"
	done
}

# flags WORD... - what /proc/cpuinfo says
flags()
{
	file proc/cpuinfo "processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 207
model name	: INTEL(R) XEON(R) PLATINUM 8592+
stepping	: 2
microcode	: 0x21000200
flags		: fpu $* nx
address sizes	: 46 bits physical, 57 bits virtual
"
}

# cpuinfo SED-SCRIPT - edit it
cpuinfo()
{
	sed -i "$1" "$root/proc/cpuinfo"
}

# installed [TEXT] - tdx_host is built for this kernel; TEXT ends the file
installed()
{
	file "lib/modules/$kernel/modules.dep" \
		'updates/dkms/tdx_host.ko: kernel/x.ko
kernel/x.ko:'
	mkdir -p "$root/lib/modules/$kernel/updates/dkms" \
		"$root/var/lib/dkms/tdx_host/0.1.0/source"
	printf 'ELF\0license=GPL\0version=0.1.0\0srcversion=X\0%s' "${1:-}" \
		>"$root/lib/modules/$kernel/updates/dkms/tdx_host.ko"
}

# signed - and signed, with the key that DKMS made
signed()
{
	installed "PKCS7~Module signature appended~
"
	file var/lib/dkms/mok.pub 'a certificate'
	truncate -s -1 "$root/var/lib/dkms/mok.pub"
}

# enrolled TEXT - the keys that shim knows
enrolled()
{
	file sys/firmware/efi/mok-variables/MokListRT "$1"
}

# machine - bare metal with TDX as its BIOS should set it up, four CPUs, and
# tdx_host built and not loaded
machine()
{
	rm -rf "$root"
	if [ -d "$tmp/pristine" ]; then
		cp -a "$tmp/pristine" "$root"
		return
	fi
	flags vmx clflush x2apic movdir64b tme sgx
	file proc/cmdline 'BOOT_IMAGE=/vmlinuz ro quiet'
	file proc/sys/kernel/osrelease "$kernel"
	file sys/devices/system/cpu/present 0-3
	file sys/devices/system/cpu/online 0-3
	msr 0x1b fee00d00
	msr 0x3a 60005
	msr 0x87 200000001f
	msr 0xa0 0
	msr 0xfe 9d08
	msr 0x982 600000003
	msr 0x1400 7b000008
	msr 0x1401 3fffff000c00
	file "boot/config-$kernel" 'CONFIG_X86_64=y
CONFIG_SMP=y
CONFIG_MODULES=y
CONFIG_X86_X2APIC=y
# CONFIG_INTEL_TDX_HOST is not set'
	file "lib/modules/$kernel/build/Makefile" ''
	file sys/module/module/parameters/sig_enforce N
	file sys/kernel/security/lockdown '[none] integrity confidentiality'
	file boot/efi/EFI/TDX/TDX-SEAM.so x
	file boot/efi/EFI/TDX/TDX-SEAM.so.sigstruct x
	file dev/kmsg '6,1,1,-;Linux version 6.1'
	installed
	cp -a "$root" "$tmp/pristine"
}

# loaded STATE [LAST-ERROR] - and tdx_host is loaded
loaded()
{
	file sys/module/tdx_host/initstate live
	file sys/module/tdx_host/version 0.1.0
	file sys/module/tdx_host/parameters/memory_hotplug reject
	file "$sysfs/state" "$1"
	printf '%s' "${2:-}" >"$root/$sysfs/last_error"
	file "$sysfs/cpus_ready" ''
	file "$sysfs/progress" 0
	for _file in tdmr_count tdx_memory_kb unusable_memory_kb pamt_kb; do
		file "$sysfs/$_file" 0
	done
	case $1 in
	unsupported|disabled)
		return ;;
	esac
	file "$sysfs/keyid/mktme_count" 31
	file "$sysfs/keyid/global" 32
	file "$sysfs/keyid/guest_start" 33
	file "$sysfs/keyid/guest_count" 31
	file "$sysfs/keyid/guest_free" 30
}

# ready - and TDX is up, for root
ready()
{
	loaded ready
	file "$sysfs/cpus_ready" 0-3
	file "$sysfs/progress" 100
	file "$sysfs/version" 1.5.06
	file "$sysfs/build_num" 744
	file "$sysfs/features0" 0xf0fbf
	file "$sysfs/tdmr_count" 64
	file "$sysfs/tdx_memory_kb" 2147483648
	file "$sysfs/unusable_memory_kb" 512
	file "$sysfs/pamt_kb" 8396820
	file "$debugfs/sysinfo" 'version 1.5.06
build_num 744
build_date 20240129'
	file "$debugfs/cmrs" '0x100000 0x77800000'
	file "$debugfs/regions" 'ram 0x100000 0x77800000 0'
	file "$debugfs/tdmrs" 'tdmr 0x0 0x40000000 node 0'
	file "$debugfs/seamcalls" '# leaf calls transient errors | calls below 1 2 4 8 ... us
TDH.SYS.INIT 1 0 0 | 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0
TDH.SYS.TDMR.INIT 524288 3 0 | 0 0 500000 24000 288 0 0 0 0 0 0 0 0 0 0 0'
}
