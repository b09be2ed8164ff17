# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: ordinary guests do not run where KVM with TDX is
# installed and not asked for TDX, or where there is no tdx_host
#
# vm: --kvm-tdx --smp 2
check_is "KVM has no need of tdx_host" "" \
	"$(modinfo -F depends kvm-intel | grep tdx_host)"
rm "/lib/modules/$(uname -r)/updates/tdx_host.ko"
check "KVM is loaded" modprobe kvm-intel
check_is "without TDX" N "$(cat /sys/module/kvm_intel/parameters/tdx)"
check "an ordinary guest runs" kvm_guest --cpus 2 run
check_is "there are no TDs" 3 "$(kvm_td run >/dev/null 2>&1; echo $?)"
check "nothing was said of TDX" dmesg_lacks 'tdx|TDX'
check "KVM can be unloaded" rmmod kvm-intel

check "KVM is loaded with tdx=1" modprobe kvm-intel tdx=1
check_is "without TDX all the same" N \
	"$(cat /sys/module/kvm_intel/parameters/tdx)"
check "an ordinary guest runs" kvm_guest --cpus 2 run
check "KVM can be unloaded" rmmod kvm-intel
sane
