# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: QEMU does not run an ordinary guest on a host
# where tdx_host has brought TDX up
#
# bochs
# vm: --emul --guest-qemu
# shellcheck source=SCRIPTDIR/../../vm/guest/qemu.sh
. /vm/qemu.sh

check "KVM is loaded" modprobe kvm-intel
check "modprobe init=load" modprobe tdx_host init=load
check_is "cpus_ready" 0 "$(value cpus_ready)"
check "QEMU runs a guest, and exits with status 0" qemu_runs vm one
check_is "the guest knows that it is no TD" "VM!" "$(qemu_said one)"
check "a guest runs" qemu_holds vm two
check_is "TDX is ready" ready "$(value state)"
qemu_goes two
check "QEMU exits with status 0" wait "$qemu_pid"
sane
