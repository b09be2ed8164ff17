# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # run sets what is not set here
#
# parts.sh - what there is to measure. Sourced by run.
#
# Each part prints its figures: "NAME VALUE UNIT AGAINST MID LOW HIGH", "-" for none;
# and lines for people, which begin with "#".

# built PROGRAM - run what the Makefile here builds
built()
{
	make -s --no-print-directory -C "$here" OUT="$top/build" >&2 ||
		die 1 "tests/bench does not build"
	_program=$1
	shift
	"$top/build/bench/$_program" "$@" || die 1 "$_program failed"
}

part_call()
{
	built call
	echo "# call.*: SEAMCALL, and what else needs privileges, is an instruction that does nothing; VMXON, CPUID and the like cost more. *.privileged: how many there are, but for CR4"
	echo "# call.*.instructions: of the trampoline; *.all_instructions: from the operands to the status"
	echo "# call.checked_traced: the kernel's share, its ring buffer, is not in it"
	echo "# call.enter_window: from the #UD on by which it is found that nobody is in VMX operation"
	echo "# call.page_*: the wrapper, with the write-back of the page's cache lines"
}

part_schedule()
{
	built schedule
}

part_layout()
{
	built layout
}

# in_vm OPTION... - run a VM; its output is in $tmp/out
in_vm()
{
	"$top/tests/vm/run" --timeout 600 "$@" >"$tmp/out" || {
		cat "$tmp/out" >&2
		die 1 "a VM did not come to its end"
	}
}

# median FILE, lowest FILE, highest FILE - of numbers, a line each
median()
{
	sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

lowest()
{
	sort -g "$1" | head -n 1
}

highest()
{
	sort -g "$1" | tail -n 1
}

# quotient A B
quotient()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f\n", a / b }'
}

ms()
{
	awk -v ns="$1" 'BEGIN { printf "%.3f", ns / 1e6 }'
}

# paired NAME NS AGAINST FILE - a figure in milliseconds, with the ratios of its
# pairs
paired()
{
	echo "$1 $(ms "$2") ms $3 $(median "$4") $(lowest "$4") $(highest "$4")"
}

# bring_up CPUS - run one VM; adds its times to $tmp/CPUS, those of this pass are
# in $tmp/pass.CPUS
bring_up()
{
	in_vm --smp "$1" --mem "$mem" --append init_on_alloc=0 \
		--emul version=2.0 tdmr_init_ns="$ns" \
		--add "$here/bringup.sh" --cmd "sh /bringup.sh $rounds"
	sed -n 's/^bringup //p' "$tmp/out" >"$tmp/pass.$1"
	[ "$(wc -l <"$tmp/pass.$1")" -eq "$rounds" ] || {
		cat "$tmp/out" >&2
		die 1 "the VM with $1 CPUs did not finish its $rounds rounds"
	}
	cat "$tmp/pass.$1" >>"$tmp/all.$1"
	sed -n 's/^calls //p' "$tmp/out" >"$tmp/calls.$1"
	sed -n 's/^traced //p' "$tmp/out" | while read -r _all _outside; do
		echo "$_all" >>"$tmp/traced.$1"
		echo "$_outside" >>"$tmp/outside.$1"
		quotient "$_outside" "$_all" >>"$tmp/share.$1"
	done
}

# Every CPU that is present has to be online, so "one CPU" is a VM with one. The
# kernel does not zero what it allocates: under TCG that would take as long as
# TDMR.INIT, and on hardware a hundredth of it.
part_bringup()
{
	_pass=0
	while [ $_pass -lt "$passes" ]; do
		bring_up 1
		bring_up 2
		quotient "$(median "$tmp/pass.2")" "$(median "$tmp/pass.1")" \
			>>"$tmp/ratios"
		_pass=$((_pass + 1))
	done
	echo "# bringup.*: $mem of memory, TDH.SYS.TDMR.INIT takes $ns ns, $((passes * rounds)) rounds; outside: of the time while traced, without that of the CPU with most SEAMCALLs in them, their VMX windows included"
	echo "bringup.1cpu $(ms "$(median "$tmp/all.1")") ms - - - -"
	paired bringup.2cpus "$(median "$tmp/all.2")" bringup.1cpu "$tmp/ratios"
	for _n in 1 2; do
		_name=bringup.${_n}cpu$([ $_n = 1 ] || echo s)
		echo "$_name.calls $(cat "$tmp/calls.$_n") calls - - - -"
		echo "$_name.traced $(ms "$(median "$tmp/traced.$_n")") ms - - - -"
		paired "$_name.outside" "$(median "$tmp/outside.$_n")" \
			"$_name.traced" "$tmp/share.$_n"
	done
}

# gather - of lines "KEY NUMBER" on stdin the numbers, by key, into $tmp/v/KEY
gather()
{
	rm -rf "$tmp/v"
	mkdir "$tmp/v"
	while read -r _key _number; do
		echo "$_number" >>"$tmp/v/$_key"
	done
}

# counted NAME UNIT KEY [AGAINST] - a figure that is the same in each round
counted()
{
	[ -s "$tmp/v/$3" ] || die 1 "a VM said nothing of $3"
	echo "$1 $(median "$tmp/v/$3") $2 ${4:--} - - -"
}

# timed NAME DIVISOR UNIT KEY [AGAINST ITS-KEY ITS-DIVISOR] - a figure that is
# not: the median, and the ratios of what was measured in the same round
timed()
{
	[ -s "$tmp/v/$4" ] || die 1 "a VM said nothing of $4"
	_value=$(awk -v v="$(median "$tmp/v/$4")" -v by="$2" 'BEGIN {
		printf "%.3f", v / by }')
	if [ $# -lt 5 ]; then
		echo "$1 $_value $3 - - - -"
		return
	fi
	[ -s "$tmp/v/$6" ] || die 1 "a VM said nothing of $6"
	paste "$tmp/v/$4" "$tmp/v/$6" | awk -v by="$2" -v its="${7:-$2}" '{
		printf "%.4f\n", $1 / by / ($2 / its) }' >"$tmp/pairs"
	echo "$1 $_value $3 $5 $(median "$tmp/pairs") $(lowest "$tmp/pairs")" \
		"$(highest "$tmp/pairs")"
}

part_memory()
{
	in_vm --smp 2 --mem 4G --emul version=2.0 \
		--add "$here/memory.sh" --cmd "sh /memory.sh $passes"
	gather <"$tmp/out"
	counted memory.module bytes module
	counted memory.idle bytes idle
	counted memory.covered_256 bytes covered_256
	counted memory.ready bytes ready memory.covered_256
	timed memory.load 1000 us load
	timed memory.lp_init_one_by_one 1000000 ms one_by_one
	timed memory.lp_init_at_once 1000000 ms at_once \
		memory.lp_init_one_by_one one_by_one
	echo "# memory.module: text and data; memory.idle: with all that the kernel needs for it, to within some pages; memory.covered_256: 1/256 of what the TDMRs cover"
	echo "# memory.lp_init_*: 2 CPUs, TDH.SYS.LP.INIT takes 20 ms"
}

# entry HOW - nanoseconds of one entry
entry()
{
	sed -n "s/^.*\] tdx_wrappers: entry $1 //p" "$tmp/out"
}

part_td()
{
	in_vm --smp 4,sockets=2 --emul \
		--cmd "for i in \$(seq $passes); do modprobe tdx_wrappers entries=2000; rmmod tdx_wrappers; done; dmesg -s 1000000"
	for _how in held flushed window; do
		entry $_how | sed "s/^/$_how /"
	done >"$tmp/entries"
	gather <"$tmp/entries"
	timed td.enter_held 1000 us held
	timed td.enter_flushed 1000 us flushed td.enter_held held
	timed td.enter_window 1000 us window td.enter_held held

	in_vm --smp 4,sockets=2 --emul --add "$here/td_steps.sh" \
		--cmd "sh /td_steps.sh $passes '1 64' '4 64' '1 512'"
	gather <"$tmp/out"
	td_steps
	in_vm --smp 1 --emul --add "$here/td_steps.sh" \
		--cmd "sh /td_steps.sh $passes '1 64'"
	gather <"$tmp/out"
	for _step in new end; do
		counted td.$_step.1cpu.calls calls 1.64.$_step.calls td.$_step.calls
		timed td.$_step.1cpu.time 1000 us 1.64.$_step.ns
	done
	echo "# td.*: 4 CPUs in 2 packages, 1 VCPU, 64 pages added and 64 more augmented, of which 64 are removed, unless the name says otherwise; a SEAMCALL is a trap into the software TDX module"
	echo "# td.*.outside: of td.*.traced, without the time in SEAMCALL; the tracing is in it"
}

# td_steps - the figures of a TD's steps; names without a number are those of one
# VCPU and 64 pages
td_steps()
{
	for _step in new finalize end; do
		counted td.$_step.calls calls 1.64.$_step.calls
		timed td.$_step.time 1000 us 1.64.$_step.ns
	done
	for _step in new end; do
		counted td.$_step.4vcpus.calls calls 4.64.$_step.calls \
			td.$_step.calls
		timed td.$_step.4vcpus.time 1000 us 4.64.$_step.ns \
			td.$_step.time 1.64.$_step.ns
	done
	counted td.end.512pages.calls calls 1.512.end.calls td.end.calls
	timed td.end.512pages.time 1000 us 1.512.end.ns td.end.time 1.64.end.ns
	for _step in add aug remove; do
		counted td.$_step.calls calls 1.64.$_step.calls
		counted td.$_step.512pages.calls calls 1.512.$_step.calls \
			td.$_step.calls
		timed td.$_step.a_page 64000 us 1.64.$_step.ns
		timed td.$_step.512pages.a_page 512000 us 1.512.$_step.ns \
			td.$_step.a_page 1.64.$_step.ns 64000
		timed td.$_step.traced 512000 us traced.$_step.ns
		timed td.$_step.outside 512000 us outside.$_step.ns \
			td.$_step.traced traced.$_step.ns
	done
}

part_held()
{
	in_vm --smp 2 --emul version=2.0 call_ns=20000 tdmr_init_ns=50000 \
		--add "$here/held.sh" --cmd "sh /held.sh $passes"
	gather <"$tmp/out"
	timed held.seamcall 1000 us seamcall
	timed held.irqs_off 1000 us irqs_off held.seamcall seamcall
	for _lock in "$tmp"/v/*; do
		_lock=${_lock##*/}
		case $_lock in
		seamcall|irqs_off)	;;
		*)	timed "held.$_lock" 1000 us "$_lock" ;;
		esac
	done
	echo "# held.*: the longest in the life of a host, in which a SEAMCALL takes 20 us and TDH.SYS.TDMR.INIT 50; locks from when they are asked for to when they are let go"
}
