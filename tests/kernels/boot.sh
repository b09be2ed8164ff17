# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set them
#
# boot.sh - run scenarios on a kernel and record the results. To be sourced.

# count RELEASE NAME STATUS CHECKS SECONDS - record a scenario that was run
count()
{
	if [ "$3" -eq 0 ]; then
		passed=$((passed + 1))
		_what=passed
	else
		failed=$((failed + 1))
		_what=failed
		show_log "$results/$1/$2.log" "scenario $2 on $1, status $3"
	fi
	! grep -q 'did not reach userland.*: once again' \
		"$results/$1/$2.log" ||
		echo "$1 $2 again 0 0" >>"$results/scenarios"
	echo "$1 $2 $_what $4 $5" >>"$results/scenarios"
}

# boot_bring_up RELEASE - does the kernel boot, does the module load, does it
# bring TDX up? Sets boot: a status of 123 or more means that the kernel did not
# boot, see tests/vm/run.
boot_bring_up()
{
	_log=$results/$1/bring-up.log
	_start=$(date +%s)
	_boot=0
	stage "kernel $1: bringing TDX up"
	"$top/tests/vm/run" --kernel "$1" --modules "$results/$1/modules" \
		--no-build --log "$results/$1/bring-up.console" \
		--scenario "$here/bring-up.sh" >"$_log" 2>&1 </dev/null ||
		_boot=$?
	count "$1" bring-up $_boot "$(grep -cE '^(not )?ok - ' "$_log" || :)" \
		$(($(date +%s) - _start))
	case $_boot in
	0|1)	boot=ok ;;
	*)	boot=FAILED ;;
	esac
}

boot_all()	# RELEASE
{
	boot_bring_up "$1"
	[ "$boot" = ok ] || return 0
	[ -n "$(listed)" ] || die 1 "tests/vm/run-all lists no scenarios"
	# The longest first: at the end each would keep only one CPU busy.
	# shellcheck disable=SC2046 # names
	sort_out "$1" $([ "$long" = no ] || listed --very-long) \
		$(listed --bochs) $(listed --long) $(listed)
	skipped=$((skipped + $(printf '%s' "$cannot" | grep -c '' || :)))
	printf '%s' "$cannot" | sed "s/^\([^:]*\):/$1 \1 skipped 0 0/" \
		>>"$results/scenarios"
	_count=$(printf '%s\n' "$can" | wc -w)
	stage "kernel $1: $_count scenarios"
	# shellcheck disable=SC2086 # a list of names
	"$top/tests/vm/run-all" --kernel "$1" \
		--modules "$results/$1/modules" --no-build --jobs "$jobs" \
		--out "$results/$1" $can 2>&1 </dev/null |
		follow "kernel $1" "$_count" >"$results/$1/run-all.log"
	for _s in $can; do
		# A scenario that run-all did not come to has no line.
		_got=$(grep "^$_s " "$results/$1/results") || _got="$_s 123 0 0 0"
		# shellcheck disable=SC2086 # its fields
		set -- "$1" $_got
		count "$1" "$2" "$3" $(($4 + $5)) "$6"
	done
}

# remarks - what the table does not show: scenarios that were not run, scenarios
# that a kernel cannot run, and those whose number of checks is not the same on
# all kernels
remarks()
{
	if [ "$what" = all ] && [ "$long" = no ]; then
		echo "left to --long: $(listed --very-long | paste -s -d ' ' -)"
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
