# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # what it sources defines the rest
#
# held.sh ROUNDS - measure in the guest how long tdx_host holds up others, by what
# a stock kernel has for that: it is built without the tracer of interrupts that
# are off and without statistics of locks, but has function_graph, which notes
# whether they were off, and probes. Prints lines "NAME NANOSECONDS", the longest
# of a life, in each round.
set -eu

# shellcheck source=/dev/null
. /vm/tdx.sh
# shellcheck source=/dev/null
. /vm/bringup.sh
TRACING=/sys/kernel/tracing

# life - what there is in the life of a host: bring-up, TDs, a CPU that comes and
# goes, and the end
life()
{
	echo 1 >"$TDX/enable"
	is_ready
	modprobe tdx_consumer tds=4 threads=2
	rmmod tdx_consumer
	cpu 1 off
	cpu 1 on
	find "$TDX/" -maxdepth 1 -type f -perm -400 -exec cat '{}' ';' >/dev/null
	fresh_module
}

# locks - "ADDRESS NAME" of each
locks()
{
	awk '$4 == "[tdx_host]" && $2 ~ /^[dDbB]$/ &&
		$3 ~ /_(mutex|lock)$/ { print "0x" $1, $3 }' /proc/kallsyms
}

# probe NAME FUNCTION WORDS FILTER - be ready to note calls of a function
probe()
{
	echo "p:bench/$1 $2 $3" >>$TRACING/kprobe_events
	echo "$4" >$TRACING/events/bench/"$1"/filter
}

# interrupts - how long they are off, by functions of ours; and the longest
# SEAMCALL of the same life
interrupts()
{
	echo 1 >$TRACING/options/latency-format
	echo function_graph >$TRACING/current_tracer
	echo 1 >$TRACING/events/tdx_host/seamcall_exit/enable
	life
	echo 0 >$TRACING/tracing_on
	# A line has a "d" where they were off at its end:
	# "d..1. | 12.345 us | ...".
	awk '/seamcall_exit: / {
			for (i = 2; i <= NF; i++)
				if ($i ~ /^ns=/ && substr($i, 4) + 0 > call)
					call = substr($i, 4) + 0
			next
		}
		$1 ~ /^[dD]/ {
			for (i = 2; i < 5; i++)
				if ($(i + 1) == "us" && $i > off)
					off = $i
		}
		END {
			printf "irqs_off %.0f\n", off * 1000
			printf "seamcall %.0f\n", call
		}' $TRACING/trace
	echo 0 >$TRACING/events/tdx_host/seamcall_exit/enable
	# This empties the trace.
	echo nop >$TRACING/current_tracer
	echo 0 >$TRACING/options/latency-format
	echo 1 >$TRACING/tracing_on
}

# locks_held - from when somebody asks for a lock to when the same task lets it go
locks_held()
{
	echo >$TRACING/trace
	echo 1 >$TRACING/events/bench/enable
	life
	echo 0 >$TRACING/events/bench/enable
	awk 'NR == FNR { name[$1] = $2; next }
		/^#/ { next }
		{
			for (i = 2; i < NF; i++)
				if ($i ~ /^[0-9]+\.[0-9]+:$/)
					break
			at = $i * 1e9
			what = $(i + 1)
			which = $NF
			sub(/.*=/, "", which)
			lock = what ~ /_cpus:$/ ? "cpus_read_lock" : name[which]
		}
		what ~ /^take_/ { begin[$1, lock] = at }
		what ~ /^drop_/ && begin[$1, lock] {
			held = at - begin[$1, lock]
			if (held > longest[lock])
				longest[lock] = held
			delete begin[$1, lock]
		}
		END {
			for (lock in longest)
				printf "%s %.0f\n", lock, longest[lock]
		}' /tmp/locks $TRACING/trace
}

modprobe tdx_host
# All that happens once has happened.
life

# The three functions that the emulator takes the place of are left out: both
# redirect them.
echo ':mod:tdx_host' >$TRACING/set_ftrace_filter
for name in rdmsr vmx_enter vmx_leave; do
	echo "tdx_host_$name" >>$TRACING/set_ftrace_notrace
done
for option in funcgraph-cpu funcgraph-overhead; do
	echo 0 >$TRACING/options/$option
done

# Whoever has a lock, and from where cpus_read_lock() is called.
any=''
locks >/tmp/locks
while read -r address name; do
	any="${any:+$any || }lock == $address"
done </tmp/locks
awk '$4 == "[tdx_host]" && $2 ~ /^[tT]$/ { print "0x" $1 }' /proc/kallsyms |
	sort >/tmp/text
ours="caller >= $(head -n 1 /tmp/text) && caller <= $(tail -n 1 /tmp/text)"
probe take_mutex mutex_lock 'lock=%di:x64' "$any"
probe drop_mutex mutex_unlock 'lock=%di:x64' "$any"
probe take_raw _raw_spin_lock_irqsave 'lock=%di:x64' "$any"
probe drop_raw _raw_spin_unlock_irqrestore 'lock=%di:x64' "$any"
# shellcheck disable=SC2016 # a word of the kernel's
probe take_cpus cpus_read_lock 'caller=$stack0:x64' "$ours"
# shellcheck disable=SC2016 # the same
probe drop_cpus cpus_read_unlock 'caller=$stack0:x64' "$ours"

round=0
while [ $round -lt "$1" ]; do
	interrupts
	locks_held
	round=$((round + 1))
done
