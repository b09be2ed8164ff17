# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a CPU that the BIOS told the TDX module of, but
# that is plugged only later, stays without TDX
#
# vm: --smp 4,sockets=3,maxcpus=6 --emul lps=6

modprobe tdx_host
modprobe tdx_test
check_is "those that are there are asked for" "0 0
1 0
2 0
3 0" "$(on_cpus 0-3)"
late='"driver": "max-x86_64-cpu", "id": "late", "socket-id": 2, "core-id": 0'
check "a CPU is plugged" vm_qmp \
	"{\"execute\": \"device_add\", \"arguments\": {$late, \"thread-id\": 0}}"
check "the plugged CPU appears" within 60 test -d /sys/devices/system/cpu/cpu4
check "and comes on" cpu 4 on
check "and is initialised" within 60 sh -c "grep -qx 0-4 $TDX/cpus_ready"
sane
