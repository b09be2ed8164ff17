# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4 --append nr_cpus=2 --emul lps=4
#
# what would break for a user: CPUs that nr_cpus= left out have no file to bring them online with

check_is "the kernel has two CPUs of four" 0-1 \
	"$(cat /sys/devices/system/cpu/possible)"
modprobe tdx_host init=load
check_is "state" failed "$(value state)"
check "last_error names what can leave CPUs out" error_says TDH.SYS.CONFIG \
	TDX_SYS_CONFIG_NOT_PENDING nr_cpus= possible_cpus=
sane
