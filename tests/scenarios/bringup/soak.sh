# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --mem 1G,maxmem=4G,slots=8 --timeout 1500
# vm: --emul version=2.0 cmrs=0x100000+0x3ff00000,0x140000000+0x10000000
#
# what would break for a user: what nobody thought of together happens together, and the kernel complains or hangs, or memory and KeyIDs are lost

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/td.sh
# shellcheck source=/dev/null
. /vm/tool.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/soak.sh
. /vm/soak.sh

soak_threads='1 2 3 4 5 6'
soak_kinds=${SOAK_KINDS% plant}
soak_seconds=20
# Rounds begin for so long, each under the next seed.
soak_rounds_for=0
# What tests/soak/run asks for.
# shellcheck source=/dev/null
[ ! -e /vm/soak.conf ] || . /vm/soak.conf

# calm_down - nobody does anything any more, and nothing goes wrong on purpose
calm_down()
{
	soak_calm
	echo none >/sys/power/pm_test
	echo 0 >"$TRACING/events/tdx_host/enable"
	for _m in tdx_consumer tdx_client tdx_test; do
		! [ -d /sys/module/$_m ] || rmmod $_m || return 1
	done
	echo 0 >/sys/kernel/debug/tdx_harm/fill
	rm -f /dev/shm/*
	for _c in 1 2 3; do
		cpu $_c on || return 1
	done
	emul "vmx_released all"
}

# cured - a check of doctor failed, and it says what to do
cured()
{
	awk -F '"' '$2 == "result" { failed = $4 == "fail" }
		$2 == "cure" && failed { found = 1 }
		END { exit !found }' /tmp/said
}

# explained - doctor finds nothing wrong, or names it with a cure; what the TDX
# module has refused has a status, and no cause of ours
explained()
{
	[ -d "$TDX" ] || return 0
	first "$TDX/state"
	_state=$line
	tool doctor --json
	case $_state.$code in
	ready.0|detected.0)
		return ;;
	*.1)
		! cured || return 0 ;;
	esac
	echo "state $_state, doctor ends with $code; last_error: $(value last_error)"
	cat /tmp/said
	return 1
}

# comes_up - TDX does, once more if it is up; only where a shutdown has begun and
# was given up may it need one more
comes_up()
{
	modprobe tdx_host || return
	first "$TDX/state"
	case $line in
	disabled)	rmmod tdx_host && modprobe tdx_host || return ;;
	ready)		echo 0 >"$TDX/enable" || return ;;
	esac
	# Refused unless the TDX module was shut down.
	emul module fresh 2>/dev/null
	gets_ready && return
	error_says "reset the platform" || return
	fresh_module && gets_ready
}

# down - TDX is shut down, and there is a TDX module that was just loaded
down()
{
	if [ -d "$TDX" ]; then
		first "$TDX/state"
		case $line in
		ready|failed)	echo 0 >"$TDX/enable" || return ;;
		esac
		rmmod tdx_host || return
	fi
	# shellcheck disable=SC2086 # words
	new_machine $MACHINE
}

# dimms_gone - those that are plugged can be unplugged
dimms_gone()
{
	for _base in $DIMM_INSIDE $DIMM_OUTSIDE; do
		memory_gone "$_base" 128 && continue
		memory_is offline "$_base" 128 >/dev/null ||
			memory_to offline "$_base" 128 || return
		# It may be on its way out already.
		vm_unplug "d$_base" >/dev/null
		within 30 memory_gone "$_base" 128 || return
	done
}

# said_nothing - the kernel has no complaint
said_nothing()
{
	dmesg_lacks '^(BUG: |WARNING: |Oops|UBSAN: |INFO: task|watchdog: |.*KCSAN: )'
}

# outstanding - prints what TDs that were destroyed have left
outstanding()
{
	dmesg_text | sed -n 's/^tdx_consumer: //p' | grep outstanding |
		grep -v ' 0 pages, 0 KeyIDs outstanding'
}

# one_round - under $soak_seed, on a new machine
one_round()
{
	note "round $soak_seed"
	echo "<7>soak: round $soak_seed" >/dev/kmsg
	dmesg_mark
	modprobe tdx_host
	check "seed $soak_seed: all threads come to their end" soak || return
	soaked
	check "seed $soak_seed: all is let go of" calm_down || return
	check "seed $soak_seed: the state is explained" explained
	check_is "seed $soak_seed: TDs left nothing" "" "$(outstanding)"
	check "seed $soak_seed: nobody wrote to what the TDX module owns" untouched
	check "seed $soak_seed: TDX comes up" comes_up
	check "seed $soak_seed: and runs a TD" modprobe tdx_consumer
	rmmod tdx_consumer
	nothing_left
	sane
	check "seed $soak_seed: tdx_host is shut down and unloaded" down
	check "seed $soak_seed: memory that was plugged can be taken out" \
		dimms_gone
	check "seed $soak_seed: the kernel has no complaint" said_nothing
	[ "$vm_failed" = 0 ]
}

MACHINE=$emul_args
modprobe tdx_harm
end=$(($(cut -d . -f 1 /proc/uptime) + soak_rounds_for))
while one_round && [ "$(cut -d . -f 1 /proc/uptime)" -lt $end ]; do
	soak_seed=$((soak_seed + 1))
done
