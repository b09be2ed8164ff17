# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set them
#
# boot.sh - scenarios on a kernel, and what became of them. To be sourced.

run_scenario()	# RELEASE NAME SCENARIO
{
	"$top/tests/vm/run" --kernel "$1" --modules "$results/$1/modules" \
		--no-build --log "$results/$1/$2.console" \
		--scenario "$3" >"$results/$1/$2.log" 2>&1 </dev/null
}

# scenario RELEASE NAME [FILE] - run it; counts in $passed and $failed
scenario()
{
	_why=$(reason "$2" "$1")
	if [ -n "$_why" ]; then
		skipped=$((skipped + 1))
		echo "$1 $2 skipped 0 0 $_why" >>"$results/scenarios"
		return
	fi
	_log=$results/$1/$2.log
	_start=$(date +%s)
	_status=0
	run_scenario "$1" "$2" "${3:-$2}" || _status=$?
	! grep -q 'did not reach userland.*: once again' "$_log" ||
		echo "$1 $2 again 0 0" >>"$results/scenarios"
	_checks=$(grep -cE '^(not )?ok - ' "$_log" || :)
	if [ $_status -eq 0 ]; then
		passed=$((passed + 1))
		_what=passed
	else
		failed=$((failed + 1))
		_what=failed
		show_log "$_log" "scenario $2 on $1, status $_status"
	fi
	echo "$1 $2 $_what $_checks $(($(date +%s) - _start))" \
		>>"$results/scenarios"
	return $_status
}

# boot_bring_up RELEASE - does it boot, does the module load, and is TDX there
# then? 123 and above mean that it does not boot, see tests/vm/run.
boot_bring_up()
{
	_boot=0
	scenario "$1" bring-up "$here/bring-up.sh" || _boot=$?
	case $_boot in
	0|1)	boot=ok ;;
	*)	boot=FAILED ;;
	esac
}

# names [OPTION] - the scenarios that tests/vm/run-all lists with it; it
# complains where there are none of that kind
names()
{
	"$top/tests/vm/run-all" --list "$@" 2>/dev/null | cut -d ' ' -f 1
}

boot_all()	# RELEASE
{
	boot_bring_up "$1"
	[ "$boot" = ok ] || return 0
	[ -n "$(names)" ] || die 1 "tests/vm/run-all lists no scenarios"
	for _s in $(names) $(names --bochs) \
		  $([ "$long" = no ] || names --long); do
		scenario "$1" "$_s" || :
	done
}

# remarks - what the table itself does not say: scenarios that were not run,
# those that a kernel cannot run, and those that check more on one kernel than on another
remarks()
{
	if [ "$what" = all ] && [ "$long" = no ]; then
		echo "left to --long: $(names --long | paste -s -d ' ' -)"
	fi
	awk '$3 == "again" {
			print "booted twice, the first time in vain: " $1 \
				", scenario " $2
		}
		$3 == "skipped" {
			$3 = $4 = $5 = ""
			sub(/ +/, " ")
			printf "not on %s: scenario %s:", $1, $2
			$1 = $2 = ""
			sub(/^ +/, " ")
			print
		}' "$results/scenarios"
	awk '$3 == "passed" {
			if ($2 in checks && checks[$2] != $4)
				odd[$2] = 1
			checks[$2] = $4
			all[$2] = all[$2] " " $1 ": " $4
		}
		END {
			for (s in odd)
				print "not the same checks in " s ":" all[s]
		}' "$results/scenarios"
}
