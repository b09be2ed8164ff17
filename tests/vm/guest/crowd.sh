# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh and bringup.sh
#
# crowd.sh - many callers, one bring-up, round after round, with 2 CPUs in 2
# packages, less than a GiB of memory and version=2.0.

# rounds - 8 threads at once ask for TDX, $rounds times; each time some step fails
# transiently, another one each round. All threads must get 0, and the TDX
# module must have been asked exactly what one bring-up asks.
rounds()
{
	_round=0
	# Leaf, status and how often; 36 also fails in the middle.
	set -- 33:0x8000020300000000:3 35:0x8000020200000000:4 \
		45:0x8000020200000000:2 31:0x8000080000000000:3 \
		31:0x80000200000000bb:2 36:0x8000020000000001:5:100
	while [ "$_round" -lt "$rounds" ]; do
		round "$1" || {
			echo "in round $_round, with $1"
			return 1
		}
		# The next round's failure.
		set -- "$@" "$1"
		shift
		_round=$((_round + 1))
	done
	echo "$_round rounds"
}

# asked - calls of the leaves that say how much was done, in $n_LEAF
asked()
{
	n_33=0 n_35=0 n_45=0 n_31=0 n_36=0
	while read -r _l _n; do
		case $_l in
		33|35|45|31|36)	eval "n_$_l=$_n" ;;
		esac
	done <"$EMUL/calls"
}

# more LEAF BEFORE NOW WANT - that many calls were made since
more()
{
	[ "$1" != "$failing" ] || set -- "$1" "$2" "$3" $(($4 + failures))
	[ $(($3 - $2)) -eq "$4" ] || {
		echo "leaf $1 was called $(($3 - $2)) times, not $4"
		return 1
	}
}

# round INJECTION
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
