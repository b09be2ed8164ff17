# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --mem 1G --emul version=2.0
#
# what would break for a user: CPU hotplug, tracing and live patching hang for as long as TDX is brought up; or a CPU that leaves meanwhile makes it fail without a name

# shellcheck source=/dev/null
. /vm/bringup.sh

PAUSE=/sys/kernel/debug/tdx_pause
ONLINE=/sys/devices/system/cpu/online

# stops_at FUNCTION - bring-up is started, and stops there
stops_at()
{
	echo "$1" >$PAUSE/at
	ask 1 >/tmp/asked &
	within 20 grep -qx "$1" $PAUSE/at
}

# goes_on - bring-up goes on to its end, and CPUs that had to wait move; sets
# asked: how the write to enable ended
goes_on()
{
	echo 1 >$PAUSE/go
	wait
	asked=$(cat /tmp/asked)
}

# online LIST - these CPUs are online. The file of one CPU waits for those who
# write to it, this one does not.
online()
{
	[ "$(cat $ONLINE)" = "$1" ]
}

# moves CPU on|off LIST - that CPU comes or goes within 10 s, while bring-up is
# stopped; these are online then
moves()
{
	cpu "$1" "$2" &
	within 10 online "$3"
}

check "tdx_host loads" modprobe tdx_host || exit
modprobe tdx_pause

# Between the look at all CPUs and TDH.SYS.LP.INIT on them.
emul hold global-exclusive 0
check "bring-up waits for TDH.SYS.INIT" stops_at seamcall_retry
check "CPU 1 goes off meanwhile" moves 1 off 0,2-3
emul release global-exclusive 0
goes_on
check_is "bring-up needs it" "Device or resource busy" "$asked"
check "and names it" error_says "(CPU 1)" "then write 1 to enable"
check_is "state" failed "$(value state)"
cpu 1 on
check "once it is back bring-up succeeds" gets_ready
check "shutdown" fresh_module

emul hold global-exclusive 0
check "bring-up waits for TDH.SYS.INIT" stops_at seamcall_retry
check "CPU 1 goes off" moves 1 off 0,2-3
emul release global-exclusive 0
dmesg_mark
check "and comes back before TDH.SYS.CONFIG" moves 1 on 0-3
check "as a CPU for TDX" dmesg_lacks 'CPU 1 '
goes_on
check_is "bring-up succeeds" ok "$asked"
check_is "with it" 0-3 "$(value cpus_ready)"
check "shutdown" fresh_module

# Once it had TDH.SYS.LP.INIT a CPU may go.
check "bring-up looks for memory" stops_at pamt_alloc
check "CPU 1 goes off meanwhile" moves 1 off 0,2-3
check "and comes back" moves 1 on 0-3
check "CPU 2 goes off" moves 2 off 0-1,3
goes_on
check_is "bring-up succeeds" ok "$asked"
check_is "without CPU 2" 0-1,3 "$(value cpus_ready)"
cpu 2 on
check_is "which is ready when it comes back" 0-3 "$(value cpus_ready)"
check "the TDX module's memory is as it left it" untouched
check "shutdown" fresh_module

# Each package has to have its key, though.
configs=$(calls 45)
check "keys are next" stops_at config_keys
check "CPU 2 goes off" moves 2 off 0-1,3
check "and CPU 3, the last of package 1" moves 3 off 0-1
goes_on
check_is "bring-up needs one of them" "Device or resource busy" "$asked"
check "and names it" error_says "no CPU online" "(package 1, CPU 2)"
check_is "the TDX module is configured" "1 1" \
	"$(($(calls 45) - configs)) $(users)"
cpu 2 on
check "once it is back bring-up goes on" gets_ready
check_is "where it was" "1 2" \
	"$(($(calls 45) - configs)) $(counter pkgs_done)"
cpu 3 on
check "shutdown" fresh_module

# The longest step: CPUs come and go all the time, and are never kept waiting.
check "memory is next" stops_at tdmr_init_all
check "CPU 2 goes off" moves 2 off 0-1,3
check "and CPU 3, the last of package 1" moves 3 off 0-1
emul tdmr_init_ns 20000000
echo 1 >$PAUSE/go
cycles=0
longest=0
while [ "$cycles" -lt 100 ]; do
	before=$(awk '{ printf "%d", $1 * 1000 }' /proc/uptime)
	cpu 3 on && cpu 3 off
	took=$(($(awk '{ printf "%d", $1 * 1000 }' /proc/uptime) - before))
	[ "$(value state)" = initializing ] || break
	[ "$took" -le "$longest" ] || longest=$took
	cycles=$((cycles + 1))
done
note "$cycles times off and on again, $longest ms at most, during TDMR.INIT"
check "CPU 3 came and went while memory was initialised" test "$cycles" -ge 3
goes_on
check_is "bring-up succeeds" ok "$asked"
emul tdmr_init_ns 0
check_is "state" ready "$(value state)"
cpu 2 on
cpu 3 on
check_is "every CPU is ready" 0-3 "$(value cpus_ready)"
check "the TDX module's memory is as it left it" untouched
rmmod tdx_pause
sane
