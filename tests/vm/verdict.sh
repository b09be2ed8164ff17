# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# verdict.sh - how a run ended, told by the console and the control channel.
# Sourced by run.

# How the kernel begins to say that something is wrong: oops and panic, WARN
# and BUG, lockdep, KASAN and its kin, hung tasks, stalls, kmemleak, faults
# that were patched over. Only at the start of a message, for some of these
# words stand innocently in others.
SPLAT='BUG: |WARNING: |Oops: |Oops - |Kernel panic - |INFO: task .* blocked
INFO: rcu|rcu: INFO: |kernel BUG at |general protection fault|invalid opcode:
unable to handle |unchecked MSR access error|UBSAN: |KASAN: |KCSAN: |KFENCE: 
DEBUG_LOCKS_WARN_ON|irq event stamp|stack segment: |divide error: |int3: 
double fault: |traps: PANIC|watchdog: BUG|NMI watchdog: |kmemleak: [0-9]
Bad page state|page_owner|list_add corruption|list_del corruption
sysfs: cannot create duplicate|kobject_add_internal failed|refcount_t: 
percpu: allocation failed|[^ ]+: page allocation failure|\[ INFO: '

# since_userland - the console from the first line on that is ours; where the
# guest started another kernel, without its start, if it came that far
since_userland()
{
	tr -d '\r' <"$tmp/console" | awk '
	/vm: userland reached/ { ours = 1; starts = 0; n = 0 }
	!ours { next }
	/\] Linux version / { starts = 1 }
	starts { start[n++] = $0; next }
	{ print }
	END { for (i = 0; i < n; i++) print start[i] }'
}

# splats - line numbers (in since_userland) at which a complaint begins
splats()
{
	_re=$(printf '%s' "$SPLAT" | tr '\n' '|')
	since_userland |
		grep -nE "^(\[ *[0-9]+\.[0-9]+\]( ?\[ *[CT][0-9]+\])? )?($_re)" |
		cut -d : -f 1
}

show_console()	# LINES
{
	printf -- '--- the last of the console ---\n' >&2
	tail -n "$1" "$tmp/console" | tr -d '\r' >&2
	printf -- '---\n' >&2
}

# verdict - say what happened, and end with the status that it deserves
verdict()
{
	if [ "$ended" = 124 ] || [ "$ended" = 137 ]; then
		show_console 40
		die 124 "not done after $timeout s: the VM was killed" \
			"(--timeout gives it more)"
	fi

	_at=$(splats | head -n 1)
	if [ -n "$_at" ] && ! expects_splat; then
		printf -- '--- the guest kernel complained ---\n' >&2
		since_userland | tail -n "+$_at" | head -n 80 >&2
		printf -- '---\n' >&2
		[ -z "$status" ] ||
			note "the command itself had ended with status $status"
		die 125 "the guest kernel crashed or complained, see above"
	fi

	if [ -n "$failure" ]; then
		show_kernel_messages
		fail "$failure"
	fi
	if [ -z "$status" ]; then
		[ ! -s "$tmp/vm.log" ] || tail -n 20 "$tmp/vm.log" >&2
		show_console 40
		if [ "$_up" = yes ]; then
			die 125 "the VM ended before the command did"
		fi
		die 123 "the VM did not reach userland (status $ended)"
	fi
	if [ "$status" -ne 0 ] && [ "$mode" != shell ]; then
		show_kernel_messages
	fi
	exit "$status"
}

expects_splat()
{
	[ -n "$scenario_file" ] && grep -q '^# expect-splat' "$scenario_file"
}

# What the kernel said while the command ran is most of what explains it.
show_kernel_messages()
{
	[ "$verbose" = no ] || return 0
	since_userland | sed -e 1d -e '/ACPI: PM: Preparing to enter/,$d' \
		>"$tmp/messages"
	[ -s "$tmp/messages" ] || return 0
	printf -- '--- kernel messages ---\n' >&2
	tail -n 60 "$tmp/messages" >&2
	printf -- '---\n' >&2
}
