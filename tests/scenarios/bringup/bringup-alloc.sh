# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --mem 512M --emul version=2.0
#
# what would break for a user: memory that was short for a moment, and is now lost or keeps TDX off

# shellcheck source=/dev/null
. /vm/bringup.sh
STARVE=/sys/kernel/debug/tdx_starve

# starve N|PREFIX - the Nth allocation of tdx_host fails, or all by functions
# whose names begin like that
starve()
{
	echo "$1" >"$STARVE/fail"
}

# starved - which one it was; false if there were not so many
starved()
{
	sed -n 's/^failed //p' "$STARVE/fail" | grep .
}

# nothing_held - tdx_host has given everything back
nothing_held()
{
	cat "$STARVE/held"
	! grep -q . "$STARVE/held"
}

# try - ask for TDX with an allocation failing
try()
{
	_got=$(ask 1)
	case $_got in
	ok)	is_ready || return 1 ;;
	"Cannot allocate memory")
		# Without memory to begin with it is not even tried.
		case $(value state) in
		failed|detected)	;;
		*)	echo "state $(value state)"
			return 1 ;;
		esac
		error_says memory || return 1
		if [ "$(users)" = 0 ] && [ "$(value pamt_kb)" != 0 ]; then
			echo "$(value pamt_kb) KiB of PAMT stay"
			return 1
		fi ;;
	*)	echo "enable: $_got: $(value last_error)"
		return 1 ;;
	esac
}

# each - one allocation of bring-up after the other
each()
{
	allocs=0
	while :; do
		starve $((allocs + 1))
		try || return 1
		_which=$(starved) || break
		starve 0
		allocs=$((allocs + 1))
		echo "$allocs $_which: $_got" >>/tmp/allocs
		if ! { gets_ready && fresh_module && rmmod tdx_host &&
		       nothing_held && modprobe tdx_host; }; then
			echo "after $_which"
			return 1
		fi
	done
	starve 0
	fresh_module
}

check "the module that makes memory short loads" modprobe tdx_starve || exit
check "tdx_host loads" modprobe tdx_host || exit
check "each allocation of bring-up fails once: what is not tolerated is ENOMEM, then TDX gets ready, nothing is lost" \
	each
sed 's/^/# /' /tmp/allocs
check "there were some" test "$allocs" -ge 8

# No contiguous memory at all, however long the search.
starve alloc_contig_
check "without contiguous memory bring-up fails" not gets_ready
check "and the sentence says how to get some" \
	error_says contiguous compact_memory init=load
check "and no memory is kept" test "$(value pamt_kb) $(users)" = "0 0"
starve 0
check "when there is some again, asking again works" gets_ready
check "and so does the shutdown" fresh_module

# Without workers nothing can be initialised; the PAMTs are given away by then.
starve kthread_create_on_node
check "without new threads bring-up fails" try
check_is "with ENOMEM" "Cannot allocate memory" "$_got"
check_is "and keeps what the TDX module owns" 1 "$(users)"
starve 0
check "with threads it goes on" gets_ready
check "and can be shut down" fresh_module

# each_load - one allocation of loading after the other
each_load()
{
	loads=0
	while :; do
		rmmod tdx_host || return 1
		starve $((loads + 1))
		modprobe tdx_host 2>/dev/null || :
		_which=$(starved) || break
		starve 0
		loads=$((loads + 1))
		_how=loaded
		[ -d /sys/module/tdx_host ] || _how=refused
		echo "$loads $_which: $_how" >>/tmp/loads
		[ $_how = refused ] || rmmod tdx_host || return 1
		nothing_held && modprobe tdx_host || return 1
	done
	starve 0
}
check "each allocation of loading fails once: it loads or it does not, nothing is lost" \
	each_load
sed 's/^/# /' /tmp/loads
check "after all that TDX gets ready" gets_ready
sane
