# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced by soak.sh
#
# soak_ops.sh - what threads of soak.sh do, legal or not. Each function soak_KIND
# draws what it needs before it does anything, and says it. Operations may fail:
# what may not happen is for the end to judge.

CLIENT=/sys/kernel/debug/tdx_client
TRACING=/sys/kernel/tracing
[ -d $TRACING/events ] || TRACING=/sys/kernel/debug/tracing

# In a CMR, and outside of all: see the scenario's "vm:" line.
DIMM_INSIDE=0x140000000
DIMM_OUTSIDE=0x100000000

# TRANSIENT - "LEAF:STATUS" of what passes by itself: SYS_BUSY, RND_NO_ENTROPY,
# KEY_GENERATION_FAILED, INTERRUPTED_RESUMABLE, OPERAND_BUSY.
TRANSIENT='33:0x8000020200000000 33:0x8000020300000000 35:0x8000020200000000
35:0x8000020300000000 45:0x8000020200000000 31:0x8000020200000000
31:0x8000080000000000 31:0x80000200000000bb 36:0x8000020000000001
69:0x8000020200000000 69:0x8000000300000000 9:0x8000020300000000
1:0x8000020300000000 8:0x8000080000000000 8:0x80000200000000bb
40:0x8000000300000000 40:0x80000200000000bc'
TRANSIENT_TD=
for soak_leaf in 0 1 2 4 5 6 7 9 10 16 17 18 19 20 22 28 29 38 40 41; do
	TRANSIENT_TD="$TRANSIENT_TD $soak_leaf:0x8000020000000000"
done
TRANSIENT="$TRANSIENT $TRANSIENT_TD"

# FINAL - of what does not: a bring-up fails, or a TD that is being made.
FINAL='33:0xc0000a2200000000 33:0xc000092100000982 35:0xc0000920000000bc
34:0xc000050200000000 45:0xc0000a0000000001 31:0xc000050700000000
36:0xc000010000000001 9:0xc000010000000001 8:0xc000010000000001
1:0xc000010000000001 21:0xc000010000000001 10:0xc000010000000001
22:0xc000010000000001 4:0xc000010000000001 3:0xc000010000000001
2:0xc000010000000001 16:0xc000010000000001 17:0xc000010000000001'

# soak_prepare - before the threads
soak_prepare()
{
	mount -o remount,size=95% /dev/shm
	# By default, ten lines in five seconds.
	echo on >/proc/sys/kernel/printk_devkmsg
	# Nobody sleeps for longer than it takes to wake up again.
	echo devices >/sys/power/pm_test
	echo 0 >/sys/module/suspend/parameters/pm_test_delay
	echo 3000 >/sys/power/pm_freeze_timeout
} 2>/dev/null

# --- tdx_host from user space ---

soak_enable()
{
	draw_one 0 0 0 0.01 0.1
	say enable "killed after $drawn"
	if [ "$drawn" = 0 ]; then
		echo 1 >"$TDX/enable"
	else
		timeout -s KILL "$drawn" sh -c "echo 1 >$TDX/enable"
	fi
}

# What was changed of PAMTs is only found while they are PAMTs.
soak_disable()
{
	say disable
	cat "$EMUL/verify" >/dev/null
	echo 0 >"$TDX/enable"
}

# A platform that was reset, as far as TDX can see; refused unless TDX is down.
soak_fresh()
{
	say fresh
	emul module fresh
}

soak_junk()
{
	draw_one '' 2 -1 01 on '1 1' 11111111111111111111111111111111 '%s%n'
	say junk "'$drawn'"
	printf '%s' "$drawn" >"$TDX/enable"
}

soak_load()
{
	draw_one '' '' init=load memory_hotplug=allow use_tdx=off use_tdx=maybe \
		'init=load memory_hotplug=allow'
	say load "$drawn"
	# shellcheck disable=SC2086 # words
	modprobe tdx_host $drawn
}

soak_unload()
{
	draw_one tdx_host tdx_host tdx_host tdx_consumer tdx_client tdx_test
	say unload "$drawn"
	rmmod "$drawn"
}

# With tdx-host that is what people read.
soak_read()
{
	draw_one sysfs sysfs debugfs emulator status doctor
	say read "$drawn"
	case $drawn in
	sysfs)
		for _f in "$TDX"/[a-z]* "$TDX"/keyid/*; do
			[ ! -f "$_f" ] || read -r _ <"$_f"
		done ;;
	debugfs)	cat /sys/kernel/debug/tdx_host/* "$CLIENT"/* ;;
	emulator)	cat "$EMUL/stats" "$EMUL/calls" "$EMUL/verify" ;;
	*)		tdx-host "$drawn" ;;
	esac >/dev/null
}

soak_trace()
{
	draw 2
	say trace "$drawn"
	echo "$drawn" >"$TRACING/events/tdx_host/enable"
}

# --- other modules ---

# Whoever waits for the TDs may be killed.
soak_td()
{
	draw 6
	_tds=$((drawn + 1))
	draw 3
	_on=$((drawn + 1))
	draw_one 0 0 1
	_hold=$drawn
	draw_one 0 0 0 0.1 0.5
	say td "tds=$_tds threads=$_on hold=$_hold, killed after $drawn"
	if [ "$drawn" = 0 ]; then
		modprobe tdx_consumer tds=$_tds threads=$_on "hold=$_hold"
	else
		timeout -s KILL "$drawn" \
			modprobe tdx_consumer tds=$_tds threads=$_on "hold=$_hold"
	fi
	[ "$_hold" = 1 ] || rmmod tdx_consumer
}

# KeyIDs, those of others and none, and what a VMM can insist on.
soak_keyid()
{
	draw_one 'keyids alloc' 'keyids alloc' 'keyids alloc' 'keyids mine' \
		'keyids mine' 'keyids 0' 'keyids 1' 'keyids 65535' \
		'all 1' 'all 0' 'ram 1' 'ram 0' 'range 0x2000000 0x3000000'
	say keyid "$drawn"
	modprobe tdx_client
	case $drawn in
	*mine)	read -r drawn <"$CLIENT/keyids" && drawn="keyids $drawn" ;;
	esac
	echo "${drawn#* }" >"$CLIENT/${drawn%% *}"
}

# Bring-up by many at once, and SEAMCALLs that no sane caller makes: operands
# are not pages, TDs or fields.
soak_call()
{
	draw_one 'enable 8' 'cpu_enable 0-3' 'cpu_enable 1,3' \
		'seamcall call 1 34 rdx=0xffffffffffffffff' \
		'seamcall call 2 9 rcx=0x123 rdx=0xffff' \
		'seamcall call 3 10 rcx=0xfffffffffffff001 rdx=0x1' \
		'seamcall call 0 28 rcx=0xfff0000000000001' \
		'seamcall call 1 41 rcx=0xfff0000000000001' \
		'seamcall call 2 2 rcx=0x7 rdx=0xfff0000000000001' \
		'seamcall call 3 36 rcx=0x123' \
		'seamcall call 0 45 rcx=0x1 rdx=0x1 r8=0xffff' \
		'seamcall thin 1 34 rdx=0xffffffffffffffff'
	say call "$drawn"
	modprobe tdx_test
	echo "${drawn#* }" >"$TEST/${drawn%% *}"
}

# --- the machine ---

# cpus_blink N... - they go offline, and come back after a drawn time
cpus_blink()
{
	draw_one 0 20000 200000
	for _c in "$@"; do
		cpu "$_c" off
	done
	usleep "$drawn"
	for _c in "$@"; do
		cpu "$_c" on
	done
}

# Both packages keep a CPU.
soak_cpu()
{
	draw_one '1 2' '1 3' 1 2 3
	say cpu "$drawn"
	# shellcheck disable=SC2086 # numbers
	cpus_blink $drawn
}

# The last CPU of a package must stay while KeyIDs are out.
soak_package()
{
	say package 2 3
	cpus_blink 2 3
}

# A block that cannot be emptied is tried until somebody gives up.
soak_memory()
{
	draw_one $DIMM_INSIDE $DIMM_OUTSIDE
	_base=$drawn
	draw_one online_movable offline
	say memory "$drawn $_base"
	for _b in $(blocks "$_base" 128); do
		echo "$drawn" | timeout 5 busybox dd \
			of="$MEMORY/memory$_b/state"
	done
}

# dimm_plug_or_unplug BASE - the monitor talks to one at a time, and not to who
# is asleep
dimm_plug_or_unplug()
{
	if memory_gone "$1" 128; then
		# Of the one before.
		vm_qmp "{\"execute\": \"object-del\", \"arguments\": {
			\"id\": \"d$1-ram\"}}"
		plug_dimm "d$1" 128M "$1" 0
	else
		vm_unplug "d$1"
	fi >/dev/null
}

soak_dimm()
{
	draw_one $DIMM_INSIDE $DIMM_OUTSIDE
	say dimm "$drawn"
	alone monitor dimm_plug_or_unplug "$drawn"
}

# suspend_try STATE - goes as far as pm_test says, and never without it
suspend_try()
{
	grep -qF '[devices]' /sys/power/pm_test && echo "$1" >/sys/power/state
}

soak_suspend()
{
	draw_one mem mem freeze
	say suspend "$drawn"
	alone monitor suspend_try "$drawn"
}

soak_vmx()
{
	draw_one vmx_held vmx_held vmx_released
	_verb=$drawn
	draw_one 0 1 2 3 all
	say vmx "$_verb $drawn"
	emul "$_verb $drawn"
}

# --- the TDX module ---

# inject_one WORD... - one of them; the last of that leaf counts
inject_one()
{
	draw_one "$@"
	_what=$drawn
	draw 4
	_count=$((drawn + 1))
	draw 8
}

soak_busy()
{
	# shellcheck disable=SC2086 # a list of words
	inject_one $TRANSIENT
	say busy "$_what:$_count:$drawn"
	emul "inject ${_what%%:*}:0:0
inject $_what:$_count:$drawn"
}

soak_fail()
{
	# shellcheck disable=SC2086 # a list of words
	inject_one $FINAL
	say fail "$_what:1:$drawn"
	emul "inject ${_what%%:*}:0:0
inject $_what:1:$drawn"
}

soak_starve()
{
	draw_one rdrand rdseed pconfig
	_what=$drawn
	draw_one 0 1 2 3 all
	_where=$drawn
	draw 4
	say starve "$_what $_where $drawn"
	emul "starve $_what $_where $drawn"
}

soak_interrupt()
{
	draw 50
	say interrupt "$drawn"
	emul "interrupt all $drawn"
}

soak_nmi()
{
	draw 20
	say nmi "$drawn"
	emul "nmi all $drawn"
}

# soak_calm - the TDX module is itself again
soak_calm()
{
	for _w in $TRANSIENT $FINAL; do
		echo "inject ${_w%%:*}:0:0"
	done | sort -u >/tmp/calm
	emul "$(cat /tmp/calm)
interrupt all 0
nmi all 0
starve rdrand all 0
starve rdseed all 0
starve pconfig all 0"
}

# --- memory ---

# kilobytes NAME - a value of /proc/meminfo
kilobytes()
{
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# pressure [PERCENT] - fill that much of the memory that is left with files, and
# delete them
pressure()
{
	_mib=$(($(kilobytes MemAvailable) * ${1:-85} / 100 / 1024))
	dd if=/dev/urandom of=/dev/shm/seed bs=64k count=16 2>/dev/null
	_i=0
	while [ $_i -lt $_mib ]; do
		cat /dev/shm/seed
		_i=$((_i + 1))
	done >/dev/shm/fill
	rm -f /dev/shm/fill /dev/shm/seed
}

soak_pressure()
{
	draw_one 30 60 85
	say pressure "$drawn"
	alone pressure pressure "$drawn"
}

soak_compact()
{
	say compact
	echo 1 >/proc/sys/vm/compact_memory
	echo 3 >/proc/sys/vm/drop_caches
}

# take - have tdx_harm allocate a page of each 4 MiB, for which others must be
# moved
take()
{
	echo 0x400000 >/sys/kernel/debug/tdx_harm/fill
	echo 0 >/sys/kernel/debug/tdx_harm/fill
}

soak_take()
{
	say take
	alone take take
}

# A byte of the TDX module's own memory changes, which nobody may do.
soak_plant()
{
	say plant
	_pa=$(sed -n 's/^pamt 4k \([^ ]*\) .*/\1/p' \
		/sys/kernel/debug/tdx_host/tdmrs | head -n 1)
	[ -z "$_pa" ] || echo $((_pa + 0x1234)) >/sys/kernel/debug/tdx_harm/poke
}
