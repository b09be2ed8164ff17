# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: power management that takes CPUs off and on
# loses one, or hangs bring-up
#
# vm: --smp 4,sockets=2 --mem 512M --emul version=2.0

# hotplug-cpu-cycles-long is the same with more.
: "${CYCLES:=20}"

# cycles FROM TO - CPUs 1-3 in turn
cycles()
{
	_i=$1
	while [ "$_i" -lt "$2" ]; do
		_c=$((_i % 3 + 1))
		# It may be told to come later.
		until cpu $_c off; do usleep 10000; done
		until cpu $_c on; do usleep 10000; done
		_i=$((_i + 1))
	done 2>/dev/null
}

modprobe tdx_host
emul tdmr_init_ns 200000
cycles 0 "$CYCLES" &
pid=$!
# It wants all CPUs once, and is told when one is missing.
until echo 1 >"$TDX/enable"; do usleep 50000; done 2>/dev/null
check_is "bring-up succeeds in between" ready "$(value state)"
check "$CYCLES CPU off/on cycles during and after it" wait $pid
emul tdmr_init_ns 0
check "$CYCLES more" cycles 0 "$CYCLES"
check_is "no CPU is lost" "0-3 0-3" \
	"$(cat /sys/devices/system/cpu/online) $(value cpus_ready)"
check_is "TDH.SYS.LP.INIT once a CPU" 4 "$(calls 35)"
check_is "PAMTs are whole" "pages_corrupt 0" "$(cat "$EMUL/verify")"
sane
