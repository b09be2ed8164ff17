# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # doctor.sh and machine.sh
#
# status_cases.sh - what status says of each state

machine
ready
file sys/module/kvm_intel/initstate live
run status
check_is 'status, ready: the screen' 'state            ready
tdx_host         0.1.0, the one that is installed
kernel           6.1.0-56-amd64
TDX module       1.5.06, build 744, of 2024-01-29
features         TD migration, TD preserving, service TDs, TDG.VP.RD/WR, relaxed
                 memory management, CPUID guarantees, TD partitioning, local
                 attestation, TD entry enhancements, host priority locks,
                 ARCH_CAPABILITIES configuration, pending EPT violation 2, FMS
                 configuration, NO_RBP_MOD, L2 TLB invalidation
KeyIDs           33-63 for TDs (30 of 31 free), 32 global, 1-31 MKTME'"'"'s
CPUs             0-3 ready; 0-3 online, none offline
memory           2.0 TiB for TDX in 64 TDMRs, 512 KiB not usable for TDX
PAMT             8.0 GiB
VMX              KVM (kvm_intel is loaded); tdx_host gets on with it
TDX              tdx_host drives it
QEMU/KVM         no: this kernel'"'"'s KVM cannot start TDs with tdx_host, which
                 gives TDX to modules that are written for it
memory hot-add   memory that is added while tdx_host is loaded stays offline
                 (memory_hotplug=reject); with memory_hotplug=allow it serves
                 for everything but TDs

TDX is ready; there is nothing to do.' "$out"
check_is 'status, ready: exit status' 0 "$code"
check 'status fits on one screen' test "$(wc -l <"$tmp/out")" -le 24
narrow 'status, ready: at 80 columns'
run status --json
check_is 'status, ready, as JSON' 'ready|0.1.0|1.5.06|744|2024-01-29|0xf0fbf|15|30|0-3|2147483648|KVM|false|0' \
	"$(json '[.state, .loaded_version, .tdx_module.version,
		.tdx_module.build, .tdx_module.date, .tdx_module.features0,
		(.tdx_module.features | length), .keyids.guest_free,
		.cpus.ready, .memory.tdx_kb, .vmx_owner, .kvm_has_tdx, .exit] |
		map(tostring) | join("|")')"
valid 'status keeps to the schema'
file "$sysfs/features0" 0x8000000000000200
gone "$debugfs"
run status
says 'a bit without a name is shown by its number' \
	'TD entry enhancements, bit 63 KeyIDs'
says 'without debugfs there is no date' '1.5.06, build 744 features'

# state STATE EXIT-STATUS WORDS [LAST-ERROR]
state()
{
	machine
	loaded "$1" "${4:-}"
	run status
	check_is "status, $1: exit status" "$2" "$code"
	says "status, $1: the state" "state $1 "
	says "status, $1: what to do" "$3"
	narrow "status, $1: at 80 columns"
	run status --json
	check_is "status, $1, as JSON" "$1 $2" "$(json '"\(.state) \(.exit)"')"
	valid "status, $1, keeps to the schema"
}

state detected 3 'sudo tdx-host enable echo options tdx_host init=load'
case $said in
*'TDX module'*|*PAMT*|*'last error'*)
	fail 'status, detected: nothing that is not known yet'
	echo "$out" | because ;;
*)	pass 'status, detected: nothing that is not known yet'
esac
run status
says 'memory hot-add is refused, before it happens' \
	'memory that is added while tdx_host is loaded stays offline'
file sys/module/tdx_host/parameters/memory_hotplug allow
run status
check_is 'and not where it is let in' '' "$(grep hot-add "$tmp/out")"
file "$sysfs/cpus_ready" 0-3
run status
says 'detected, with CPUs that are ready' 'has no memory yet'
state initializing 4 'tdx-host wait'
file "$sysfs/progress" 37
run status
says 'initializing: progress' 'progress, % 37'
state disabled 5 'use_tdx=on'
state unsupported 6 'sudo tdx-host doctor' \
	'memory encryption is not active (0x1); enable TME and TME-MT (MKTME) in the BIOS'
says 'unsupported: the cause, as JSON' '"cause": "TME_OFF"'
state failed 7 'sudo tdx-host enable' \
	'no TDX module or P-SEAMLDR is loaded, or it disabled itself'
state melted 1 'This state is not known'

machine
run status
check_is 'not loaded: exit status' 8 "$code"
says 'not loaded: what to do' 'sudo modprobe tdx_host'
says 'not loaded: version' '0.1.0 installed, not loaded'
gone lib/modules
run status
says 'not installed: what to do' 'Install it'
cpuinfo 's/ nx/ tdx_host_platform nx/'
file sys/module/kvm_intel/parameters/tdx Y
run status
says 'the kernel owns TDX' 'the kernel drives it (CPU flag tdx_host_platform)'
says 'and KVM can use it' "can start TDs, by the kernel's own TDX"
machine
ready
file sys/module/kvm_intel/parameters/tdx N
file sys/module/kvm_intel/parameters/tdx_reason ''
run status
says 'KVM can use tdx_host, and was not asked to' \
	'cannot start TDs before kvm_intel is loaded with tdx=1'
file sys/module/kvm_intel/parameters/tdx Y
run status
says 'KVM uses tdx_host' 'can start TDs, by tdx_host (kvm_intel.tdx)'
file sys/module/kvm_intel/parameters/tdx N
refusal='KVM has no TDX, for the TDX module lacks features that KVM builds on (version 1.5.06); load a later TDX module 1.5, which a BIOS update brings'
file sys/module/kvm_intel/parameters/tdx_reason "$refusal"
run status
says 'KVM was refused TDX' "QEMU/KVM no: $refusal"
run status --json
check_is 'KVM was refused TDX, as JSON' "false|$refusal" \
	"$(json '[.kvm_has_tdx, .kvm_refusal] | map(tostring) | join("|")')"
valid 'a refusal keeps to the schema'
finds 'KVM was refused TDX: doctor' kvm warn KVM_TDX_MODULE_OLD
machine
loaded detected
file sys/module/tdx_host/version 0.0.9
file etc/modprobe.d/tdx.conf 'options tdx_host ini=load'
file sys/module/vboxdrv/initstate live
run status
says 'another version is installed' '0.0.9 is loaded, 0.1.0 is installed'
says 'a parameter that does not exist' "'ini=load' in /etc/modprobe.d/tdx.conf"
says 'VirtualBox has VMX' 'VirtualBox is loaded'
check_is 'colour only on a terminal' '' "$(printf '%s' "$out" | tr -cd '\033')"

# terminal [VARIABLE=VALUE] COMMAND - as it looks on a terminal of 80 columns
terminal()
{
	_set=
	case $1 in
	*=*)	_set=$1
		shift ;;
	esac
	script -qec "stty cols 80; env $_set '$tool' $* --root '$root'" \
		/dev/null >"$tmp/out" </dev/null
	out=$(cat -v "$tmp/out")
}

# colours TEXT yes|no - of the last output
colours()
{
	if printf '%s' "$out" | grep -q '\^\[\[3[0-9]m'; then
		check_is "$1" "$2" yes
	else
		check_is "$1" "$2" no
	fi
}

machine
terminal TERM=xterm doctor
colours 'colours on a terminal' yes
terminal NO_COLOR=1 doctor
colours 'no colours with NO_COLOR' no
