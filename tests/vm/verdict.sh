# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# verdict.sh - tell from the console and the control channel how a run ended.
# Sourced by run.

# How messages begin with which the kernel says that something is wrong: oops
# and panic, WARN and BUG, lockdep, KASAN and the like, hung tasks, stalls,
# kmemleak, faults that were fixed up. Elsewhere in a message some of these
# words are harmless.
SPLAT='BUG: |WARNING: |Oops: |Oops - |Kernel panic - |INFO: task .* blocked
INFO: rcu|rcu: INFO: |kernel BUG at |general protection fault|invalid opcode:
unable to handle |unchecked MSR access error|UBSAN: |KASAN: |KCSAN: |KFENCE: 
DEBUG_LOCKS_WARN_ON|irq event stamp|stack segment: |divide error: |int3: 
double fault: |traps: PANIC|watchdog: BUG|NMI watchdog: |kmemleak: [0-9]
Bad page state|page_owner|list_add corruption|list_del corruption
sysfs: cannot create duplicate|kobject_add_internal failed|refcount_t: 
percpu: allocation failed|[^ ]+: page allocation failure|\[ INFO: '

# since_userland - the console from the moment on that init takes over
#
# If the guest started another kernel, the start of that is left out as well,
# unless the kernel did not come as far as userland.
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

# splats - the lines of since_userland in which a complaint begins, by number
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

# verdict - say what happened, and exit with the status that stands for it
verdict()
{
	if [ "$ended" = 124 ] || [ "$ended" = 137 ]; then
		show_console 40
		die 124 "not done after $timeout s: the VM was killed" \
			"(--timeout sets another limit)"
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
		! refused || fail "$(refusal)"
		show_console 40
		if [ "$_up" = yes ]; then
			die 125 "the VM ended before the command did"
		fi
		die 123 "the VM did not reach userland (status $ended)"
	fi
	[ "$mode" != scenario ] ||
		echo "1..$(grep -cE '^(not )?ok ' "$tmp/said" || :)"
	if [ "$status" -ne 0 ] && [ "$mode" != shell ]; then
		show_kernel_messages
	fi
	exit "$status"
}

# expects_splat - does the scenario make the kernel complain on purpose?
expects_splat()
{
	[ -n "$scenario_file" ] && grep -q '^# expect-splat' "$scenario_file"
}

# show_kernel_messages - those that came while the command ran: they are most of
# what explains a failure
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
