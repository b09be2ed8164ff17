# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a CPU hot-added to a TDX host brings it down, or
# cannot be used at all, or a TD lands on it
#
# vm: --smp 2,sockets=2,maxcpus=4 --mem 512M --emul
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

CONSUMER=/sys/kernel/debug/tdx_client

modprobe tdx_host
modprobe tdx_client
check "enable" sh -c "echo 1 >$TDX/enable"
check_is "cpus_ready" 0-1 "$(value cpus_ready)"

check "a CPU is plugged" vm_hotplug cpu late
dmesg_mark
check "it comes online for ordinary work" cpu "$plugged_cpu" on
check_is "it runs" "$plugged_cpu" \
	"$(taskset -c "$plugged_cpu" sh -c 'cut -d " " -f 39 /proc/self/stat')"
check_is "it is not in cpus_ready" 0-1 "$(value cpus_ready)"
check "the log says why" dmesg_has -l warn \
	"came after TDX was initialised.*CPU $plugged_cpu\).* reboot with it"
check "and what that means" dmesg_has -l warn \
	"online, but not for TDX \(CPU $plugged_cpu\)"
note "$(dmesg_has "\(CPU $plugged_cpu\)")"
check_is "the notifier hears of it" "ready
cpu-not-ready $plugged_cpu 0" "$(cat $CONSUMER/events)"
check_is "TDX stays ready" ready "$(value state)"

check "it may go offline" cpu "$plugged_cpu" off
check "a consumer insists on every CPU" sh -c "echo 1 >$CONSUMER/all"
dmesg_mark
check_is "it stays offline" "Operation not permitted" \
	"$(sys_write "$CPUS/cpu$plugged_cpu/online" 1)"
check "the log says why" dmesg_has -l warn \
	"a user of TDX needs every online CPU \(CPU $plugged_cpu\)"
check "a CPU that TDX knows may go" cpu 1 off
check "and come back all the same" cpu 1 on
check "the consumer insists no more" sh -c "echo 0 >$CONSUMER/all"
check "it comes online" cpu "$plugged_cpu" on
check "it is unplugged" vm_unplug late
check "it is gone" within 120 cpus_changed "$(cat $CPUS/present)"
check_is "cpus_ready" 0-1 "$(value cpus_ready)"
check_is "TDX stays ready" ready "$(value state)"
sane
