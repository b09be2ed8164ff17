# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# guest-refused - where the TDCALL emulator must not be it is not
#
# vm: --cpu max,-hypervisor

check "on bare metal it is refused" not modprobe tdx_emul_td
check "in a sentence" dmesg_has -l err \
	'tdx_emul_td: this is bare metal: the emulator is for virtual machines only'
sane
