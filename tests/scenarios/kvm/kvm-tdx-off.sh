# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: ordinary guests do not run where KVM with TDX is
# installed and not asked for TDX, or where there is no tdx_host
#
# vm: --kvm-tdx --smp 2

# says COMMAND WORDS - the tool does, however it folds them
says()
{
	tdx-host "$1" >/tmp/said
	cat /tmp/said
	tr -s ' \n' ' ' </tmp/said | grep -qF -e "$2"
}

check_is "KVM has no need of tdx_host" "" \
	"$(modinfo -F depends kvm-intel | grep tdx_host)"
rm "/lib/modules/$(uname -r)/updates/tdx_host.ko"
check "KVM is loaded" modprobe kvm-intel
check_is "without TDX" N "$(cat /sys/module/kvm_intel/parameters/tdx)"
check "an ordinary guest runs" kvm_guest --cpus 2 run
check_is "there are no TDs" 3 "$(kvm_td run >/dev/null 2>&1; echo $?)"
check "nothing was said of TDX" dmesg_lacks 'tdx|TDX'
check "tdx-host status says what it takes" says status \
	"QEMU/KVM cannot start TDs before kvm_intel is loaded with tdx=1"
check "and so does doctor" says doctor \
	"this KVM can start TDs, and is not told to"
check "KVM can be unloaded" rmmod kvm-intel

check "KVM is loaded with tdx=1" modprobe kvm-intel tdx=1
check_is "without TDX all the same" N \
	"$(cat /sys/module/kvm_intel/parameters/tdx)"
check "an ordinary guest runs" kvm_guest --cpus 2 run
check_is "there are no TDs" 3 "$(kvm_td run >/dev/null 2>&1; echo $?)"
why="KVM has no TDX, for tdx_host could not be loaded, or is another version"
cure="run 'sudo modprobe tdx_host', which says why"
check "the log says why" dmesg_has "^kvm_intel: no TDs: $why; $cure"
check "tdx-host status says so" says status "QEMU/KVM no: $why; $cure"
check "doctor says so" says doctor "$why"
check "and what to do" says doctor "$cure"
check "KVM can be unloaded" rmmod kvm-intel
sane
