# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh and bringup.sh
#
# crowd.sh - many callers, one bring-up, for scenarios with 2 CPUs in 2
# packages, less than a GiB of memory and version=2.0

# rounds - $rounds times, 8 threads ask for TDX at once while one step, a
# different one in each round, fails transiently. All threads must get 0, and
# the TDX module must see exactly the calls of one bring-up.
rounds()
{
	_round=0
	# Leaf, status and how often; 36 fails after 100 calls.
	set -- 33:0x8000020300000000:3 35:0x8000020200000000:4 \
		45:0x8000020200000000:2 31:0x8000080000000000:3 \
		31:0x80000200000000bb:2 36:0x8000020000000001:5:100
	while [ "$_round" -lt "$rounds" ]; do
		round "$1" || {
			echo "in round $_round, with $1"
			return 1
		}
		# The next round has the next failure.
		set -- "$@" "$1"
		shift
		_round=$((_round + 1))
	done
	echo "$_round rounds"
}

# asked - sets n_LEAF, the number of calls, for the leaves that show how much
# was done
asked()
{
	n_33=0 n_35=0 n_45=0 n_31=0 n_36=0
	while read -r _l _n; do
		case $_l in
		33|35|45|31|36)	eval "n_$_l=$_n" ;;
		esac
	done <"$EMUL/calls"
}

# more LEAF BEFORE NOW WANT - as many calls were made as wanted, and the
# injected failures
more()
{
	[ "$1" != "$failing" ] || set -- "$1" "$2" "$3" $(($4 + failures))
	[ $(($3 - $2)) -eq "$4" ] || {
		echo "leaf $1 was called $(($3 - $2)) times, not $4"
		return 1
	}
}

# round INJECTION - one of the rounds
round()
{
	failing=${1%%:*}
	failures=${1#*:*:}
	failures=${failures%%:*}
	asked
	set -- "$1" $n_33 $n_35 $n_45 $n_31 $n_36
	emul "inject $1"
	echo 8 >"$TEST/enable"
	{ read -r _ok; read -r _failed; } <"$TEST/enable"
	if [ "$_ok, $_failed" != "ok 8, failed 0" ]; then
		cat "$TEST/enable" "$TDX/last_error"
		return 1
	fi
	is_ready || return 1
	asked
	# 256 calls a GiB, one GiB; 2 CPUs, 2 packages.
	more 33 "$2" "$n_33" 1 && more 35 "$3" "$n_35" 2 &&
		more 45 "$4" "$n_45" 1 && more 31 "$5" "$n_31" 2 &&
		more 36 "$6" "$n_36" 256 && fresh_module
}
