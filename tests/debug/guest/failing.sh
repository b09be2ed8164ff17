# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# failing - each allocation that tdx_host makes is made to fail once
#
# vm: --smp 2,sockets=2 --mem 1G --append slab_nomerge --emul version=2.0
#
# $operation (load, enable, retry, disable, online, read, td) is repeated: its first
# allocation fails, then its second and so on, until there is none left to fail.
# One machine is enough, because this TDX module can be shut down.
#
# An allocation counts if it is of $kind (failslab or fail_page_alloc) and there
# is a function of tdx_host, but none of tdx_emul, on the stack
# ("Documentation/fault-injection/fault-injection.rst": require-start,
# reject-start). Per-CPU memory and alloc_contig_range() cannot be made to fail
# in this way.

FAULTS=/sys/kernel/debug

# text_of MODULE - "START END" of its code: from its first function to the end
# of the page in which its last one begins
text_of()
{
	grep -i " t .*\[$1\]" /proc/kallsyms | cut -d ' ' -f 1 | sort |
		sed -n -e 1p -e '$p' | {
			read -r _first
			read -r _last
			printf '0x%s 0x%sfff\n' "$_first" "${_last%???}"
		}
}

set_fault()	# FILE VALUE
{
	echo "$2" >"$FAULTS/$kind/$1" || exit 1
}

# prepare - set up all but the moment of the failure
prepare()
{
	set_fault probability 0
	set_fault space 0
	set_fault verbose 2
	set_fault verbose_ratelimit_interval_ms 0
	set_fault stacktrace-depth 32
	set_fault ignore-gfp-wait N
	case $kind in
	fail_page_alloc)
		set_fault ignore-gfp-highmem N
		set_fault min-order 0 ;;
	failslab)
		# kmemleak goes on without memory, and must not use up the
		# failures meant for tdx_host.
		for _c in /sys/kernel/slab/*; do
			case $_c in
			*/kmemleak_*)	;;
			*)		echo 1 >"$_c/failslab" || exit 1 ;;
			esac
		done
		set_fault cache-filter Y ;;
	esac
	# The whole area of modules ("Documentation/arch/x86/x86_64/mm.rst"),
	# since the address of tdx_host is not known before it is loaded.
	set_fault require-start 0xffffffffa0000000
	set_fault require-end 0xffffffffff000000
	spare_emulator
}

spare_emulator()
{
	read -r _start _end <<-END
	$(text_of tdx_emul)
	END
	set_fault reject-start "$_start"
	set_fault reject-end "$_end"
}

# failing N COMMAND... - run the command and make the Nth allocation fail,
# whichever task makes it. Sets status, that of the command, and failed: 1, or 0
# if there were fewer than N.
#
# An allocation fails when the kernel's count of them is a multiple of
# "interval" (lib/fault-inject.c). The kernel counts from boot on, while
# probability and times are not 0 and interval is above 1; $counted follows that
# count. With interval = $counted + N, the next multiple is N allocations away.
counted=0
failing()
{
	_n=$1
	shift
	dmesg_mark
	status=0
	set_fault interval $((counted + _n))
	set_fault times 1
	set_fault probability 100
	"$@" >/tmp/failing 2>&1 || status=$?
	set_fault probability 0
	failed=1
	if [ "$(cat "$FAULTS/$kind/times")" -ne 0 ]; then
		failed=0
		return
	fi
	[ $((counted + _n)) -eq 1 ] || counted=$((counted + _n))
	_where=$(dmesg_text | grep -A 60 'FAULT_INJECTION: forcing' |
		sed -n 's/^ *\([A-Za-z0-9_.]*\)+0x.*\[tdx_host\].*$/\1/p' |
		head -n 3 | paste -s -d ' ' -)
	note "$operation, $kind $_n (${_where:-no stack}): status $status"
}

# as_booted - replace the TDX module, which may be half initialised, by a new
# one
as_booted()
{
	echo 0 >"$TDX/enable" && new_machine version=2.0 && spare_emulator
}

all_gone()
{
	[ ! -e /sys/module/tdx_host ] && [ ! -e "$TDX" ] &&
		[ ! -e /sys/kernel/debug/tdx_host ] &&
		[ ! -e /sys/bus/platform/drivers/tdx_host ]
}

# If a failed load left something behind, the next one would fail although no
# allocation was made to.
try_load()
{
	while :; do
		failing "$n" modprobe tdx_host
		if [ $failed -eq 0 ]; then
			check_is "$n: nothing left to fail, so it loads" \
				"0 detected" "$status $(value state)"
			break
		fi
		if [ "$status" -ne 0 ]; then
			check "$n: a module that did not load leaves nothing" \
				all_gone
		else
			check "$n: it loads without, and is unloaded" \
				rmmod tdx_host
		fi
		n=$((n + 1))
	done
}

# try_enable - and, if the operation is "retry", try again after the failure
try_enable()
{
	while :; do
		modprobe tdx_host
		# Not dash, which calls every failed write an I/O error.
		failing "$n" busybox sh -c "echo 1 >$TDX/enable"
		if [ $failed -eq 0 ]; then
			check_is "$n: nothing left to fail, so it is ready" \
				"0 ready" "$status $(value state)"
			break
		fi
		if [ "$status" -eq 0 ]; then
			check_is "$n: it does without" ready "$(value state)"
		else
			note "$(value last_error)"
			check "$n: it says that memory was short" \
				out_of_memory
			if [ "$operation" = retry ]; then
				check "$n: the next try succeeds" \
					sh -c "echo 1 >$TDX/enable"
				check_is "$n: state" ready "$(value state)"
			fi
		fi
		check "$n: the machine starts again" as_booted || return
		n=$((n + 1))
	done
}

# out_of_memory - if bring-up could not even begin, state and last_error are as
# before and the write failed with ENOMEM; otherwise last_error mentions memory
out_of_memory()
{
	case $(value state) in
	detected)	grep -i 'cannot allocate memory' /tmp/failing ;;
	failed)		error_says memory ;;
	*)		return 1 ;;
	esac
}

try_disable()
{
	modprobe tdx_host
	while :; do
		check "$n: it is ready" sh -c "echo 1 >$TDX/enable" || return
		failing "$n" busybox sh -c "echo 0 >$TDX/enable"
		check_is "$n: the TDX module is shut down without" \
			"0 detected" "$status $(value state)"
		[ $failed -eq 1 ] || break
		emul module fresh
		n=$((n + 1))
	done
}

try_online()
{
	modprobe tdx_host
	check "it is ready" sh -c "echo 1 >$TDX/enable"
	while :; do
		cpu 1 off
		failing "$n" cpu 1 on
		if [ $failed -eq 0 ]; then
			check_is "$n: nothing left to fail, so it goes online" \
				0 "$status"
			break
		fi
		[ "$status" -eq 0 ] ||
			check "$n: CPU 1 goes online then" cpu 1 on
		n=$((n + 1))
	done
	check_is "cpus_ready" 0-1 "$(value cpus_ready)"
}

# try_td - the life of a TD. The wrappers allocate nothing, so what fails is
# theirs who call them, between any two of them; the area of modules has both.
try_td()
{
	modprobe tdx_host
	check "it is ready" sh -c "echo 1 >$TDX/enable"
	while :; do
		failing "$n" modprobe tdx_consumer
		if [ "$status" -eq 0 ]; then
			check "$n: the TD lived, and is gone" rmmod tdx_consumer
		fi
		[ $failed -eq 1 ] || break
		check_is "$n: no TD, no KeyID and no private page is left" "0 0 0" \
			"$(counter tds) $(counter keyids_in_use) $(counter \
				private_pages)"
		check_is "$n: all KeyIDs can be had" "$(value keyid/guest_count)" \
			"$(value keyid/guest_free)"
		n=$((n + 1))
	done
	check_is "$n: nothing left to fail, so it lives" 0 "$status"
	check "and TDX can be shut down" sh -c "echo 0 >$TDX/enable"
}

read_all()
{
	for _f in "$TDX"/* "$TDX"/keyid/* /sys/kernel/debug/tdx_host/*; do
		[ ! -f "$_f" ] || cat "$_f" || :
	done
}

try_read()
{
	modprobe tdx_host
	check "it is ready" sh -c "echo 1 >$TDX/enable"
	while :; do
		failing "$n" read_all
		[ $failed -eq 1 ] || break
		read_all >/tmp/read 2>&1
		check "$n: all can be read then" \
			not grep -i 'cannot allocate memory' /tmp/read
		n=$((n + 1))
	done
	check "$n: nothing left to fail, so all is read" \
		not grep -i 'cannot allocate memory' /tmp/failing
}

n=1
prepare
case $operation in
load)		try_load ;;
enable|retry)	try_enable ;;
disable)	try_disable ;;
online)		try_online ;;
read)		try_read ;;
td)		try_td ;;
esac
[ "$kind" != failslab ] || [ "$operation" = online ] ||
	check "allocations were made to fail" test "$n" -gt 1
sane
