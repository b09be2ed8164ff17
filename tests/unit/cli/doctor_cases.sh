# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # doctor.sh and machine.sh
#
# doctor_cases.sh - each set-up that is broken, alone: doctor names it first

machine
content 'before tdx_host is loaded'
loaded detected
content 'detected'
finds 'detected: that nobody enabled it is a warning' ready warn NOT_ENABLED
ready
content 'ready'
finds 'ready: QEMU cannot use it' kvm warn NO_KVM
valid 'doctor keeps to the schema'

# The hardware, before tdx_host is loaded: by MSRs and /proc/cpuinfo.
machine
flags vmx clflush hypervisor
msr 0xfe 508
first 'a virtual machine' machine VIRTUAL_MACHINE 'hypervisor'
machine
cpuinfo 's/GenuineIntel/AuthenticAMD/'
first 'a CPU of others' cpu NOT_INTEL AuthenticAMD
machine
cpuinfo 's/207/85/'
finds 'a model that is not in the list' cpu warn MODEL_UNKNOWN
msr 0xfe 508
first 'a CPU without SEAM' cpu NO_TDX_CPU 'IA32_MTRRCAP = 0x508'
machine
flags clflush
first 'no VMX' vmx VMX_LOCKED_OFF 'lacks the flag vmx'
machine
msr 0x3a 1
first 'VMX locked off' vmx VMX_LOCKED_OFF 'MSR 0x3a = 0x1'
machine
msr 0x87 100000003f 2
first 'KeyIDs on one CPU only' msrs CPUS_DIFFER \
	'CPU 2 has IA32_MKTME_KEYID_PARTITIONING (MSR 0x87) = 0x100000003f where CPU 0 has 0x200000001f'
machine
msr 0x982 600000001
first 'TME off' tme TME_OFF 'IA32_TME_ACTIVATE = 0x600000001'
machine
msr 0x1401 0
first 'no SEAM range, with KeyIDs' seamrr KEYIDS_WITHOUT_SEAM_RANGE \
	'bit 11 is clear; 32 private KeyIDs'
msr 0xa0 745
finds 'MCHECK failed' mcheck fail MCHECK_FAILED
msr 0xa0 0
msr 0x3a 5
finds 'SGX off' mcheck warn SGX_OFF
msr 0x87 3f
first 'no SEAM range, without KeyIDs' seamrr NO_SEAM_RANGE '0 private KeyIDs'
machine
msr 0x1401 3fffff000800
first 'SEAM range not locked' seamrr SEAM_RANGE_UNLOCKED 'bit 10 is clear'
machine
msr 0x87 3f
run doctor --json
valid 'doctor with a failure keeps to the schema'
first 'no KeyID' keyids NO_KEYIDS "63 KeyIDs are MKTME's"
machine
msr 0x87 10000003e
first 'one KeyID' keyids ONE_KEYID "62 KeyIDs are MKTME's"
machine
cpuinfo 's/46 bits/40 bits/'
first 'few address bits' addresses NARROW_ADDRESSES '46 bits'
machine
msr 0x1b fee00900
first 'no x2APIC' x2apic NO_X2APIC 'IA32_APIC_BASE = 0xfee00900'
machine
file proc/cmdline 'ro nox2apic'
first 'nox2apic' x2apic NO_X2APIC 'nox2apic is on'
machine
flags vmx x2apic movdir64b
first 'no CLFLUSH' instructions NO_CLFLUSH CLFLUSH
machine
flags vmx x2apic clflush
first 'no MOVDIR64B on a CPU that needs it' instructions NO_MOVDIR64B MOVDIR64B

# MSRs that nobody shows are no failure.
machine
gone dev/cpu
content 'no /dev/cpu/N/msr'
finds 'no /dev/cpu/N/msr: how to have them' msrs skip NO_MSR_FILES
finds 'no /dev/cpu/N/msr: what needs them is skipped' keyids skip null

# CPUs.
machine
file sys/devices/system/cpu/online 0,2-3
first 'a CPU is offline' online CPUS_OFFLINE 'CPU 1)'
file proc/cmdline 'ro nosmt'
first 'nosmt' online CPUS_OFFLINE 'the command line has nosmt'
file proc/cmdline 'ro maxcpus=3'
first 'maxcpus=' online CPUS_OFFLINE 'the command line has maxcpus'
ready
finds 'a CPU is offline, and TDX is ready' online pass null
machine
file proc/cmdline 'ro nr_cpus=4'
finds 'nr_cpus= as many as there are' left-out warn LIMIT_ON_CPUS
file dev/kmsg '4,1,1,-;ACPI: NR_CPUS/possible_cpus limit of 4 reached. Processor 4/0x4 ignored.'
first 'nr_cpus= fewer than there are' left-out LIMIT_ON_CPUS 'nr_cpus=4'
file proc/cmdline 'ro possible_cpus=4'
first 'possible_cpus=' left-out LIMIT_ON_CPUS 'possible_cpus=4'
file proc/cmdline 'ro nr_cpus=512'
finds 'nr_cpus= more than there are' left-out pass null

refused='TDH.SYS.CONFIG: TDX_SYS_CONFIG_NOT_PENDING: a CPU that the BIOS reported is not initialised'
machine
file proc/cmdline 'ro nr_cpus=4'
loaded failed "$refused"
first 'nr_cpus=, and the TDX module misses CPUs' left-out CPUS_LEFT_OUT \
	'nr_cpus=4, and 4 are present'
file proc/cmdline ro
first 'the TDX module misses CPUs' left-out CPUS_LEFT_OUT NOT_PENDING

# The kernel, and what keeps the module out.
machine
cpuinfo 's/ nx/ tdx_host_platform nx/'
first 'the kernel owns TDX: flag' owner KERNEL_OWNS_TDX tdx_host_platform
machine
file "boot/config-$kernel" 'CONFIG_INTEL_TDX_HOST=y'
first 'the kernel owns TDX: configuration' owner KERNEL_OWNS_TDX \
	CONFIG_INTEL_TDX_HOST=y
machine
file dev/kmsg '[    1.0] tdx_host: this kernel drives TDX itself, and one TDX module cannot have two owners (CONFIG_INTEL_TDX_HOST)'
first "the kernel owns TDX: tdx_host's word" owner KERNEL_OWNS_TDX \
	'tdx_host said so'
machine
file proc/sys/kernel/osrelease 5.4.0-1-amd64
first 'an old kernel' kernel KERNEL_TOO_OLD 5.4.0-1-amd64
machine
file "boot/config-$kernel" 'CONFIG_X86_64=y
CONFIG_SMP=y
CONFIG_MODULES=y'
first 'an option is missing' config CONFIG_MISSING CONFIG_X86_X2APIC
machine
file sys/module/module/parameters/sig_enforce Y
first 'sig_enforce' signature MODULE_UNSIGNED module.sig_enforce
signed
finds 'sig_enforce, signed, who knows the key' signature warn KEY_UNKNOWN
enrolled 'keys: a certificate, and others'
content 'sig_enforce, and the key is enrolled'
enrolled 'keys: others'
first 'sig_enforce, and the key is not enrolled' signature SECURE_BOOT_KEY \
	'signed by'
machine
file sys/kernel/security/lockdown 'none [integrity] confidentiality'
first 'lockdown' signature LOCKDOWN_UNSIGNED 'lockdown)'
finds 'lockdown: a warning of its own' lockdown warn LOCKED_DOWN
machine
gone "lib/modules/$kernel/modules.dep"
first 'not built' dkms DKMS_FAILED "$kernel"
gone var/lib/dkms
first 'not installed' dkms NOT_INSTALLED 'DKMS does not know it'
gone "lib/modules/$kernel/build"
first 'no headers' headers NO_HEADERS "$kernel"
machine
loaded detected
file sys/module/tdx_host/version 0.0.9
finds 'another version is loaded' installed warn OTHER_VERSION
machine
loaded disabled
first 'use_tdx=off' loaded TDX_LEFT_ALONE 'use_tdx=off'

# Parameters.
machine
file etc/modprobe.d/tdx.conf '# options tdx_host no=no
options tdx_host ini=load'
finds 'a parameter that does not exist' parameters warn UNKNOWN_PARAMETER
run doctor
says 'a parameter that does not exist: where' 'ini=load, in /etc/modprobe.d/tdx.conf'
file etc/modprobe.d/tdx.conf 'options tdx_host init=load memory_hotplug=maybe'
first 'a value that does not exist' parameters WRONG_VALUE \
	'memory_hotplug=maybe, in /etc/modprobe.d/tdx.conf; it takes: reject allow'
gone etc/modprobe.d
file proc/cmdline 'ro tdx_host.use_tdx=maybe'
first 'a value on the command line' parameters WRONG_VALUE \
	"use_tdx=maybe, in the kernel's command line"
machine
file dev/kmsg "4,1,1,-;tdx_host: unknown parameter 'ini' ignored
6,2,2,-;tdx_host: parameters: use_tdx=on"
loaded detected
finds "a parameter that the kernel's log names" parameters warn UNKNOWN_PARAMETER
echo '6,2,2,-;tdx_host: parameters: use_tdx=on' >>"$root/dev/kmsg"
finds 'and that is gone since' parameters pass null
machine
file dev/kmsg "3,1,1,-;tdx_host: a parameter of tdx_host has a value
3,2,2,-;tdx_host: \`never' invalid for parameter \`init'"
first 'a value that kept tdx_host out' parameters WRONG_VALUE \
	"invalid for parameter \`init'"
machine
sed -n 's/^CHOICE_PARAM(\([a-z_]*\), "\(.*\)", "\(.*\)");/\1 \2 \3/p' src/main.c |
	while read -r name no yes; do
		file etc/modprobe.d/a.conf "options tdx_host $name=$no $name=$yes"
		finds "$name takes $no and $yes" parameters pass null
	done
check_is 'the parameters of src/main.c were found there' 3 \
	"$(grep -c '^CHOICE_PARAM(' src/main.c)"

# Where tdx_host is loaded, its sentence is the answer, whatever the MSRs are.
"${CC:-cc}" -std=gnu11 -I "$top/include" -o "$tmp/causes" "$here/causes.c" ||
	exit 2
"$tmp/causes" >"$tmp/causes.list"
check 'the checks go by a number of causes' \
	test "$(wc -l <"$tmp/causes.list")" -gt 25
machine
gone dev/cpu
while IFS=$tab read -r name cause what cure; do
	# These two are about a module that is not there.
	[ "$cause" != KERNEL_OWNS_TDX ] || continue
	loaded failed "$what (1 and 2); $cure"
	first "tdx_host says $cause" "$name" "$cause" '(1 and 2)'
done <"$tmp/causes.list"
loaded failed 'TDH.SYS.INIT on CPU 0: TDX_INCORRECT_CPUID_VALUE: a CPUID value differs; update the BIOS (leaf 33, status 0xc000090000000000)'
first 'tdx_host says something else' ready null TDX_INCORRECT_CPUID_VALUE
loaded failed 'TDH.SYS.INIT on CPU 0: TDX_INCORRECT_CPUID_VALUE (CPUID leaf 0x80000008.0, bits EAX 0x3f)'
first 'tdx_host says that address bits are missing' addresses \
	NARROW_ADDRESSES 0x80000008

# In a virtual machine in which tdx_host found TDX, CPUID proves nothing.
machine
flags clflush hypervisor
cpuinfo 's/GenuineIntel/AuthenticAMD/'
loaded detected
content 'a virtual machine with TDX'
finds 'a virtual machine with TDX: a warning' machine warn null
loaded unsupported 'memory encryption is not active (0x1); enable TME and TME-MT (MKTME) in the BIOS'
first 'a virtual machine with TDX, and TME off' tme TME_OFF '(0x1)'

# The rest.
machine
file proc/iomem '00001000-0009ffff : System RAM
000a0000-000fffff : PCI Bus
00100000-3fffffff : System RAM
  01000000-01ffffff : Kernel code
100000000-17fffffff : System RAM'
run doctor
says 'the memory map' '3071 MiB of RAM in 3 ranges; the CMRs are known'
file proc/iomem '00000000-00000000 : System RAM
00000000-00000000 : System RAM'
run doctor
says 'the memory map, without addresses' '2 ranges of RAM; the CMRs are known'
ready
file "$sysfs/unusable_memory_kb" 4194304
finds 'RAM outside the CMRs' memory warn SOME_RAM_OUTSIDE
file sys/bus/dax/devices/dax0.0 x
finds 'memory may be added' hot-add warn HOT_ADD_AHEAD
file sys/module/tdx_host/parameters/memory_hotplug allow
finds 'memory may be added, and is let in' hot-add pass null
file sys/module/vboxdrv/initstate live
finds 'VirtualBox' hypervisors warn OTHER_HYPERVISOR
file sys/power/mem_sleep 's2idle [deep]'
finds 'suspend to RAM' sleep warn NO_SLEEP
machine
gone boot/efi/EFI
finds 'no TDX module on the ESP' tdx-module skip NO_TDX_MODULE_FILE
file efi/EFI/TDX/TDX-SEAM.so x
finds 'half a TDX module on the ESP' tdx-module warn null
loaded initializing
content 'initializing'
finds 'initializing' ready warn null
run doctor --quiet
check_is '--quiet says nothing' '' "$out"
loaded failed 'no TDX'
run doctor --quiet
check_is '--quiet: the exit status' 1 "$code"
machine
file "boot/config-$kernel" 'CONFIG_INTEL_TDX_HOST=y'
finds 'the kernel owns TDX, and KVM does not use it' kvm warn KVM_WITHOUT_TDX
file sys/module/kvm_intel/parameters/tdx Y
finds 'the kernel owns TDX, and KVM uses it' kvm pass null
