# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2016 # guest.sh and tdx.sh come before
# vm: --smp 2 --mem 768M --emul version=2.0
#
# what would break for a user: a program that writes anything to our files harms the kernel, or one that is not root changes something, or learns where PAMTs and TDs are

# shellcheck source=/dev/null
. /vm/bringup.sh

echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
TRACING=/sys/kernel/tracing
[ -d $TRACING/events ] || TRACING=/sys/kernel/debug/tracing

# nobody COMMAND - run it as that user
nobody()
{
	su -s /bin/sh nobody -c "$1"
}

# ours - each of our files, and what the kernel has put beside them
ours()
{
	find "$TDX/" /sys/module/tdx_host/ /sys/module/tdx_guest_call/ \
		/sys/kernel/debug/tdx_host/ $TRACING/events/tdx_host/ -type f
}

# writable - those that root can write to
writable()
{
	ours | while read -r _f; do
		case $(stat -c %A "$_f") in
		*w*)	echo "$_f" ;;
		esac
	done
}

check "tdx_host loads" modprobe tdx_host
check "tdx_guest_call, too" modprobe tdx_guest_call

# Who adds a file that can be written to adds it here as well. What is in power/
# and in tracefs, uevent and driver_override are the kernel's.
check_is "root can write to no file but these" "$TDX/enable" \
	"$(writable | grep -vE '/(power/.*|events/.*|uevent|driver_override)$')"
check_is "nobody can write to none" "" "$(nobody \
	'find /sys/devices/platform/tdx_host/ /sys/module/tdx_host/ \
		/sys/module/tdx_guest_call/ -type f -writable 2>/dev/null;
	for f in /sys/devices/platform/tdx_host/enable \
		 /sys/devices/platform/tdx_host/uevent; do
		! (echo 1 >$f) 2>/dev/null || echo $f
	done')"

# texts - whatever a program may write
mkdir /tmp/texts
texts()
{
	printf '' >/tmp/texts/empty
	printf '\0' >/tmp/texts/nul
	printf '1\0junk' >/tmp/texts/one_nul
	printf ' 1\n' >/tmp/texts/space
	printf '\n' >/tmp/texts/newline
	printf '%s' 2 -1 01 >/tmp/texts/numbers
	printf 'on\n' >/tmp/texts/on
	printf 'off' >/tmp/texts/off
	printf 'no such word' >/tmp/texts/other_word
	printf '%%s%%n%%p' >/tmp/texts/percent
	head -c 4095 /dev/zero | tr '\0' 1 >/tmp/texts/page
	head -c 70000 /dev/zero | tr '\0' A >/tmp/texts/long
	for _i in 1 2 3 4 5 6 7 8; do
		head -c $((_i * _i * 7)) /dev/urandom >/tmp/texts/random$_i
	done
}
texts

# scribble FILE - each of the texts into it, in one write; failing is all right
scribble()
{
	for _t in /tmp/texts/*; do
		dd if="$_t" of="$1" bs=128k 2>/dev/null
	done
	:
}

# told - state and last_error say something that they may say
told()
{
	case $(value state) in
	detected|failed|ready)	;;
	*)	value state
		return 1 ;;
	esac
	[ "$(value last_error | wc -l)" -le 1 ]
}

for state in detected ready; do
	[ $state = detected ] || check "bring-up" gets_ready
	for file in $(writable); do
		# The kernel's: a driver of another name, and no device any more.
		case $file in
		*/driver_override|*/power/*)	continue ;;
		esac
		check "$state: anything is written to ${file#/sys/}" \
			scribble "$file"
		echo 0 2>/dev/null >"$TRACING/events/tdx_host/enable"
	done
	check "$state: it says where it is" told
done
check_is "but what ends TDX was not among it" ready "$(value state)"

# Two at once, with everybody reading.
hammer()
{
	_n=0
	while [ $_n -lt 20 ]; do
		scribble "$TDX/enable"
		echo $((_n % 2)) 2>/dev/null >"$TDX/enable"
		_n=$((_n + 1))
	done
}
reader()
{
	while [ ! -e /tmp/hammered ]; do
		cat "$TDX"/[a-z]* "$TDX"/keyid/* /sys/kernel/debug/tdx_host/* \
			>/dev/null 2>&1
	done
}
reader &
readers=$!
nobody 'while [ ! -e /tmp/hammered ]; do
	cat /sys/devices/platform/tdx_host/[a-z]* >/dev/null 2>&1
	done' &
readers="$readers $!"
hammer &
one=$!
check "two processes write anything to enable, and others read" hammer
wait $one
: >/tmp/hammered
# shellcheck disable=SC2086 # process ids
wait $readers
check "it says where it is" told
# The TDX module may be shut down by now.
[ "$(value state)" = ready ] || {
	echo 0 >"$TDX/enable" 2>/dev/null
	emul module fresh 2>/dev/null
}
check "and comes up" gets_ready

# A flood of uevents, and somebody who listens slowly, or not at all.
uevent sh -c 'sleep 1' >/dev/null 2>&1 &
listener=$!
uevent env >/tmp/uevents 2>/dev/null &
second=$!
flood()
{
	_n=0
	while [ $_n -lt 3000 ]; do
		echo change
		_n=$((_n + 1))
	done >/tmp/changes
	# dd writes a line at a time, without a process for each.
	dd if=/tmp/changes of="$TDX/uevent" bs=7 2>/dev/null
}
flood &
flood=$!
check "TDX goes down in a flood of uevents" fresh_module
check "and comes up" gets_ready
check "the flood has an end" wait $flood
kill $listener $second

# What who is not root can read has no address of memory that is TDX memory.
sed -n 's/^pamt [^ ]* \(0x[0-9a-f]*\) .*/\1/p' \
	/sys/kernel/debug/tdx_host/tdmrs | sort -u >/tmp/pamts
check "there are PAMTs" test -s /tmp/pamts
modprobe tdx_consumer hold=1
dmesg -s 1000000 | sed -n 's/.*TDR at \(0x[0-9a-f]*\).*/\1/p' >/tmp/tdrs
check "there is a TD" test -s /tmp/tdrs
check "nobody cannot look into debugfs and tracefs" not nobody \
	"ls /sys/kernel/debug/tdx_host || cat /sys/kernel/debug/tdx_host/tdmrs \
		|| cat $TRACING/trace || ls $TRACING/events/tdx_host"
nobody 'find /sys/devices/platform/tdx_host/ /sys/module/tdx_host/ -type f |
	while read -r f; do cat "$f"; done' >/tmp/seen 2>/dev/null
# Not every kernel keeps its log from them; the example says where its TD is.
dmesg -s 1000000 | grep -v 'tdx_consumer: .*TDR at' >>/tmp/seen
# leaked - prints those that are in it, in hex or decimal; fails if none is
leaked()
{
	cat /tmp/pamts /tmp/tdrs | while read -r _a; do
		grep -iF -e "${_a#0x}" -e "$(printf '%d' "$_a")" /tmp/seen
	done | grep .
}
check "nobody can read the state" grep -qx ready /tmp/seen
check "but no address of a PAMT or a TD" not leaked
# Those who may would find them in the same way.
cat /sys/kernel/debug/tdx_host/tdmrs >/tmp/seen
check "which root can read" leaked
rmmod tdx_consumer
sane
