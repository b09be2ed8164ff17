# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --mem 4G --emul tdmr_init_ns=8000000
#
# what would break for a user: "modprobe tdx_host init=load" that does not end in ready, or unseen

# shellcheck source=/dev/null
. /vm/bringup.sh

# A bring-up that takes long enough to be watched: 4 GiB are 1024 calls, on
# four CPUs two seconds at least, and every second is said in the log.
modprobe tdx_host init=load &
loader=$!
seen=
while kill -0 $loader 2>/dev/null; do
	if first "$TDX/state" 2>/dev/null && [ "$line" = initializing ]; then
		first "$TDX/progress"
		seen="$seen$line
"
	fi
	usleep 20000
done
check "it loads" wait $loader
check "TDX is ready" is_ready

# rising - a value on the way besides 0, none below the one before
rising()
{
	printf '%s' "$seen" | sort -n -u | paste -s -d ' ' -
	[ "$(printf '%s' "$seen" | sort -n -u | wc -l)" -ge 2 ] &&
		printf '%s' "$seen" | sort -n -c
}
check "progress was to be seen, and rose" rising
check_is "and ends at 100" 100 "$(value progress)"
check "the kernel log shows it, too" \
	dmesg_has 'initialising TDX memory: [0-9]+% \([0-9]+ of 4 GiB\)'
check "pamt_kb is 1/256 of what the TDMRs cover, to 1%" \
	one_percent "$(value pamt_kb)" $(($(covered_kb) / 256))
check_is "all RAM is TDX memory, or counted as unusable" "$(ram_kb)" \
	$(($(value tdx_memory_kb) + $(value unusable_memory_kb)))
check_is "cpus_ready" 0-3 "$(value cpus_ready)"
check_is "SYS.INIT once, LP.INIT on each CPU, CONFIG once, KEY.CONFIG on each package" \
	"1 4 1 2" "$(calls 33) $(calls 35) $(calls 45) $(calls 31)"
check_is "TDMR.INIT for each 4 MiB, and not once more" \
	$(($(covered_kb) / 4096)) "$(calls 36)"
check_is "no SEAMCALL was made with interrupts on" 0 \
	"$(counter interruptible)"

check "the kernel log says that tdx_host stays" dmesg_has 'ready.*stays loaded'
check "it does" not rmmod tdx_host
before=$(counter calls)
check "asking again succeeds" gets_ready
check_is "without a SEAMCALL" "$before" "$(counter calls)"

# A TDX module that cannot be shut down.
check_is "shutdown is refused" "Operation not supported" "$(ask 0)"
check "and the sentence says what alone helps" error_says reboot
check_is "it is as ready as before" ready "$(value state)"
check "and has the same memory" one_percent "$(value pamt_kb)" \
	$(($(covered_kb) / 256))
check "which nobody wrote to" untouched
sane
