# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: with tdx=1 on a machine where KVM cannot have
# TDX ordinary VMs do not run either, or nobody says why there are no TDs
#
# vm: --kvm-tdx --smp 2 --mem 768M --emul version=2.0

# refused NAME WORDS... - KVM with tdx=1 loads without TDX, says why in these
# words, once, and lets tdx_host go
refused()
{
	_name=$1
	shift
	dmesg_mark
	check "$_name: KVM is loaded with tdx=1" modprobe kvm-intel tdx=1
	check_is "$_name: without TDX" N \
		"$(cat /sys/module/kvm_intel/parameters/tdx)"
	check_is "$_name: there are no TDs" 3 \
		"$(kvm_td run >/dev/null 2>&1; echo $?)"
	_why=$(cat /sys/module/kvm_intel/parameters/tdx_reason)
	note "$_why"
	for _w in "$@"; do
		check "$_name: the reason has '$_w'" has "$_why" "$_w"
	done
	check_is "$_name: the log has it, once" "kvm_intel: no TDs: $_why" \
		"$(dmesg_text -l err | grep '^kvm_intel: ')"
	tdx-host status >/tmp/status
	check "$_name: tdx-host status has it" has \
		"$(tr -s ' \n' ' ' </tmp/status)" "QEMU/KVM no: $_why"
	tdx-host doctor >/tmp/doctor
	# What to do has a place of its own there.
	check "$_name: doctor has it" has \
		"$(tr -s ' \n' ' ' </tmp/doctor)" "${_why%%;*}"
	check "$_name: KVM can be unloaded" rmmod kvm-intel
}

# next_machine [OPTION=VALUE]... - as new_machine, also where TDX is up
next_machine()
{
	check "tdx_host was let go" let_go
	modprobe tdx_emul "$@"
}

# let_go - take TDX down, if it is up, and tdx_host and the emulator out
let_go()
{
	[ "$(value state)" != ready ] || echo 0 >"$TDX/enable" || return 1
	unload
}

# has TEXT WORDS
has()
{
	case $1 in
	*"$2"*)	return 0 ;;
	esac
	echo "no '$2' in: $1"
	return 1
}

emul module absent
modprobe kvm-intel tdx=1
check "without a TDX module an ordinary guest runs" kvm_guest --cpus 2 run
rmmod kvm-intel
refused "no TDX module" "no TDX module or P-SEAMLDR is loaded"

next_machine version=1.0
refused "TDX module 1.0" "version 1.0" "load TDX module 1.5"

next_machine version=2.0 keyids=31:1
refused "one KeyID" "the BIOS gave TDX one private KeyID" "key split"

next_machine version=2.0 seam=off seamrr=unlocked
refused "SEAM range unlocked" "SEAM range unlocked"

next_machine version=2.0 cmrs=0x100000+0xff00000,0x20000000+0x10000000
refused "RAM that is not convertible" "some RAM is no TDX memory" \
	"([0x10000000-0x20000000))" "boot without that memory"

next_machine version=2.0 sysrd=0x9900000100000008:1
refused "one VCPU per TD" "demands or offers what this KVM cannot do" \
	"1 VCPUs per TD, fewer than the 2 CPUs"

next_machine version=2.0 sysrd=0x1900000300000001:0x40000000
refused "an attribute that KVM does not know" "ATTRIBUTES" "must be 0x40000000"

# After all that.
next_machine version=2.0
check "KVM is loaded with tdx=1" modprobe kvm-intel tdx=1
check_is "with TDX" Y "$(cat /sys/module/kvm_intel/parameters/tdx)"
check_is "there is no reason" "" \
	"$(cat /sys/module/kvm_intel/parameters/tdx_reason)"
check "a TD lives" kvm_td run
check "KVM can be unloaded" rmmod kvm-intel

# One that cannot be shut down, so it comes last.
let_go
modprobe tdx_emul version=1.5
refused "TDX module without TOPOLOGY_ENUM" "lacks features that KVM builds on" \
	"version 1.5." "bits 0x100000 are missing" "load a later TDX module"
sane
