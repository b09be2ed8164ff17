# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: QEMU cannot start a TD, and says so in words for
# which neither docs/kvm.md nor tdx-host has a cure
#
# One KeyID is for TDs, so that there is one TD at a time.
# vm: --kvm-tdx --guest-qemu --emul version=2.0 keyids=31:2
# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/qemu.sh
. /vm/qemu.sh

# says NAME LINE [OPTION...] - QEMU starts no TD with these options, and prints
# that line; docs/kvm.md has it (tests/static/docs.sh), and tdx-host a cure
says()
{
	_what=$1
	_line="qemu-system-x86_64: $2"
	shift 2
	_code=0
	qemu_runs td odd "$@" >/dev/null || _code=$?
	check_is "$_what: QEMU exits with status 1" 1 "$_code"
	check "$_what: it says so" grep -xF -e "$_line" /tmp/odd.err ||
		sed 's/^/# /' /tmp/odd.err
	tdx-host decode "$_line" >/tmp/decoded 2>&1
	check "$_what: tdx-host decode has a cure" grep -q remedy /tmp/decoded ||
		sed 's/^/# /' /tmp/decoded
}

# warns LINE [OPTION...] - QEMU prints that line, and runs a TD
warns()
{
	_line="qemu-system-x86_64: $1"
	shift
	check "QEMU runs a TD with $*" qemu_runs td odd "$@"
	check_is "with $*: it is one" "TD!" "$(qemu_said odd)"
	check "with $*: QEMU warns" grep -xF -e "$_line" /tmp/odd.err ||
		sed 's/^/# /' /tmp/odd.err
}

says "without KVM" "-accel kvm: Could not access KVM kernel module: No such file or directory"
check "KVM is loaded without tdx=1" modprobe kvm-intel
says "without tdx=1" "-accel kvm: vm-type TDX not supported by KVM"

check "KVM can be unloaded" rmmod kvm-intel
check "KVM is loaded with TDX" modprobe kvm-intel tdx=1
check "a TD has the KeyID" qemu_holds td first
says "no KeyID" "TDX ioctl KVM_TDX_INIT_VM failed, hw_errors: 0x0: No space left on device"
qemu_goes first
check "that TD ends with status 0" wait "$qemu_pid"
check "another has the KeyID then" qemu_runs td first
nothing_left

says "irqchip" "-accel kvm: TDX VM requires kernel_irqchip to be split" \
	-machine kernel-irqchip=on
says "PIC" "-accel kvm: TDX VM doesn't support PIC" -machine pic=on
says "SMM" "-accel kvm: TDX VM doesn't support SMM" -machine smm=on
says "CPU model" "Named cpu model is not supported for TDX yet!" -cpu qemu64
says "address bits" "TDX requires guest CPU physical bits (52) to match host CPU physical bits (48)" \
	-cpu host,host-phys-bits=off,phys-bits=52
says "GPAW" "TDX ioctl KVM_TDX_INIT_VM failed, hw_errors: 0x0: Invalid argument" \
	-cpu host,host-phys-bits-limit=40
says "a debuggable TD" "Invalid attributes 0x1 for TDX VM (KVM supported: 0x10000000)" \
	-object tdx-guest,id=debug,attributes=1 \
	-machine confidential-guest-support=debug
says "TSC" "Invalid TSC 1999999 KHz, it must be multiple of 25MHz" \
	-cpu host,tsc-freq=1999999000
says "too many CPUs" "-accel kvm: Number of SMP cpus requested (2) exceeds the maximum cpus supported by KVM (1)" \
	-smp 2
says "little memory" "Failed to accept memory for TDVF section 2" -m 8M
says "a BIOS" "Cannot find TDX_METADATA_OFFSET_GUID" -bios bios-256k.bin
check "a BIOS: it says more" grep -xF \
	"qemu-system-x86_64: failed to parse TDVF for TDX VM" /tmp/odd.err
warns "warning: TDX doesn't support requested feature: CPUID[eax=07h,ecx=00h].EBX.avx512dq [bit 17]" \
	-cpu host,-avx512f
nothing_left

# QEMU 11.1 dies of SIGSEGV, and whatever it does, it makes no TD.
tds=$(calls 9)
qemu_runs vm odd -object tdx-guest,id=tdx >/dev/null
note "without confidential-guest-support: status $?, $(qemu_said odd)"
check_is "without confidential-guest-support there is no TD" "$tds" "$(calls 9)"

check "TDX is disabled under KVM" sh -c "echo 0 >$TDX/enable"
says "TDX disabled" "TDX ioctl KVM_TDX_INIT_VM failed, hw_errors: 0x0: No such device"
check "KVM can be unloaded then" rmmod kvm-intel

check "on another machine some RAM is no TDX memory" new_machine version=2.0 \
	cmrs=0x100000+0xff00000,0x20000000+0x20000000
check "KVM is loaded with tdx=1 there" modprobe kvm-intel tdx=1
says "RAM that is no TDX memory" "-accel kvm: vm-type TDX not supported by KVM"
check "tdx-host status says why" sh -c \
	"tdx-host status | tr -s ' \n' ' ' | grep 'some RAM is no TDX memory'"
check "KVM can be unloaded" rmmod kvm-intel
sane
