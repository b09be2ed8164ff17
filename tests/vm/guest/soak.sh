# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh and bringup.sh
#
# soak.sh - many threads that do what the seed has chosen, at the same time. What
# they can do is in soak_ops.sh.
#
# Operation N of a thread is the same under the same seed, whatever other threads
# do and whichever kinds of operations, threads and numbers are left out. So what
# has failed can be run again with less of it, until only the cause is left.

# All that there is. Who adds a kind adds it at the end: the choice depends on
# the list. "plant" is a fault on purpose, and never chosen by itself.
SOAK_KINDS='enable disable fresh junk load unload td td keyid call cpu cpu package
memory dimm read read trace busy busy fail starve interrupt nmi vmx suspend
pressure compact take plant'

soak_seed=1		# what chooses
soak_kinds=		# kinds of operations that are not left out
soak_threads='1 2 3 4'	# numbers of the threads
soak_apart=no		# thread N does nothing but the Nth of these kinds
soak_from=1		# number of the first operation of each
soak_to=1000000		# of the last one
soak_seconds=60		# no operation begins later than that
SOAK_HANGS=180		# seconds that are too long for one operation

# shellcheck source=SCRIPTDIR/soak_ops.sh
. /vm/soak_ops.sh

# soak_choose SEED THREAD N - the next draws are those of operation N
soak_choose()
{
	soak_x=$((($1 * 0x1000193 + $2 * 0x10001 + $3 * 0x101) & 0xffffffff))
}

# draw N - sets drawn, a number below N
draw()
{
	soak_x=$(((soak_x + 0x9e3779b9) & 0xffffffff))
	soak_y=$((((soak_x ^ (soak_x >> 16)) * 0x45d9f3b) & 0xffffffff))
	soak_y=$((((soak_y ^ (soak_y >> 16)) * 0x45d9f3b) & 0xffffffff))
	drawn=$(((soak_y ^ (soak_y >> 16)) % $1))
}

# draw_one WORD... - sets drawn, one of them
draw_one()
{
	draw $#
	shift "$drawn"
	drawn=$1
}

# say KIND WORDS... - what this thread does now. The console has it when the
# kernel is dead.
say()
{
	echo "<7>soak: $soak_thread.$soak_n $*" >/dev/kmsg
	echo "$1" >>"/tmp/soak/thread.$soak_thread"
}

# alone NAME COMMAND... - unless another thread is at it
alone()
{
	mkdir "/tmp/soak/alone.$1" || return 0
	soak_name=$1
	shift
	"$@"
	rmdir "/tmp/soak/alone.$soak_name"
}

# soak_run THREAD - its operations
soak_run()
{
	soak_thread=$1
	soak_n=$soak_from
	soak_mine=$soak_kinds
	[ $soak_apart = no ] || soak_mine=$(echo "$soak_kinds" |
		cut -d ' ' -f "$1")
	while [ "$soak_n" -le "$soak_to" ] && [ ! -e /tmp/soak/end ]; do
		soak_choose "$soak_seed" "$1" "$soak_n"
		# shellcheck disable=SC2086 # a list of names
		draw_one $SOAK_KINDS
		case " $soak_mine " in
		*" $drawn "*)
			"soak_$drawn" ;;
		esac
		soak_n=$((soak_n + 1))
	done
	: >"/tmp/soak/ended.$1"
}

# soak_ended - all threads have
soak_ended()
{
	for soak_t in $soak_threads; do
		[ -e "/tmp/soak/ended.$soak_t" ] || return 1
	done
}

# soak_stuck - this is a hang: who waits for what?
soak_stuck()
{
	for soak_t in $soak_threads; do
		[ -e "/tmp/soak/ended.$soak_t" ] || echo "thread $soak_t is at:" \
			"$(dmesg | grep "soak: $soak_t\." | tail -n 1)"
	done
	echo w >/proc/sysrq-trigger
	echo l >/proc/sysrq-trigger
	return 1
}

# soak - run the threads; fails if one of them does not come to its end
soak()
{
	rm -rf /tmp/soak
	mkdir /tmp/soak
	soak_prepare
	for soak_t in $soak_threads; do
		soak_run "$soak_t" 2>"/tmp/soak/said.$soak_t" &
	done
	within "$soak_seconds" soak_ended || : >/tmp/soak/end
	within $SOAK_HANGS soak_ended || soak_stuck || return
	wait
}

# soaked - print how much was done of each kind
soaked()
{
	cat /tmp/soak/thread.* 2>/dev/null | sort | uniq -c |
		awk '{ n += $1; text = text " " $2 " " $1 }
			END { print "# " n + 0 " operations:" text }'
}

# soaked_all - something was done of each kind
soaked_all()
{
	soaked
	for soak_k in $soak_kinds; do
		cat /tmp/soak/thread.* | grep -qx "$soak_k" || {
			echo "no $soak_k"
			return 1
		}
	done
}
