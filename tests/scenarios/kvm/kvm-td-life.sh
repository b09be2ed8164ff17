# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: KVM on a stock kernel does not run TDs
#
# vm: --kvm-tdx --smp 2 --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh

check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1
check_is "it says so" Y "$(cat /sys/module/kvm_intel/parameters/tdx)"
check_is "tdx_host has brought TDX up for it" ready "$(value state)"

check "a TD lives, from KVM_CREATE_VM to its fatal error" \
	sh -c "kvm_td run >/tmp/td"
note "$(paste -s -d ',' /tmp/td)"
nothing_left
check "three more, one after the other" kvm_td run 3
nothing_left
check_is "four TDs were made" 4 "$(calls 9)"
check "an ordinary guest runs as well" kvm_guest --cpus 2 run

check "KVM can be unloaded" rmmod kvm-intel
check "TDX can be shut down then" sh -c "echo 0 >$TDX/enable"
check "and tdx_host be unloaded" rmmod tdx_host
check_is "no SEAMCALL met #UD" 0 "$(counter ud)"
sane
