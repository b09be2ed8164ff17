# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2086 # tdcall.sh has them, without blanks
#
# guest-leaves - every inline TDCALL: once right, and once for each error
#
# what would break for a user: a TD accepts, measures or reads the wrong thing
#
# vm: --smp 2 --timeout 600
#
# shellcheck source=/dev/null
. /vm/tdcall.sh

modprobe tdx_emul_td
modprobe tdx_tdcall_test

f=$TDCALL/inline
mem=$TDCALL/memory
NONE=0xffffffffffffffff
FIRST=0x00000c0b00000000
ID_INCORRECT=0xc0000c0000000000
NOT_READABLE=0xc0000c0200000000

# gives WANT NAME [ARGUMENT]...
gives()
{
	_want=$1
	shift
	echo "$*" >"$f"
	check_is "$*" "$_want" "$(of "$f" status)"
}

# out N VALUE
out()
{
	check_is "  output $1" "$(hex64 "$2")" "$(of "$f" "out$1")"
}

# bytes OFFSET LENGTH - of the memory
bytes()
{
	echo "get $1 $2" >"$mem"
	of "$mem" bytes
}

gpa=$(of "$mem" gpa)
SHARED=$((1 << 47))

# --- TDG.MEM.PAGE.ACCEPT ---
echo "fill 0xaa" >"$mem"
td page $((gpa + 0x3000)) 0 pending
gives $OK page_accept $((gpa + 0x3000)) 0
check_is "  and that page is zeroed, no other" 1 "$(of "$mem" zero_pages)"
check_is "  it is the right one" 00,aa \
	"$(bytes 0x3fff 1),$(bytes 0x4000 1)"
gives 0x00000b0a00000000 page_accept $((gpa + 0x3000)) 0
gives 0x00000b0a00000000 page_accept $((gpa + 0x4000)) 0
gives 0xc0000b0b00000001 page_accept "$gpa" 1
echo "fill 0xaa" >"$mem"
td page "$gpa" 1 pending
gives $OK page_accept "$gpa" 1
check_is "  and 2 MiB are zeroed" 512 "$(of "$mem" zero_pages)"
gives 0x00000b0a00000001 page_accept "$gpa" 1
gives 0x00000b0a00000001 page_accept $((gpa + 0x1000)) 0
gives $RCX page_accept $((gpa + 0x800)) 0
gives $RCX page_accept $((gpa + 0x1000)) 1
gives $RCX page_accept "$gpa" 2
gives $RCX page_accept "$gpa" 7
gives $RCX page_accept $((gpa | SHARED)) 0
gives $RCX page_accept $((gpa | 1 << 48)) 0
gives $RCX page_accept $((gpa | 1 << 60)) 0
td page "$gpa" 1 pending
td busy sept 1
gives $RCX_BUSY page_accept "$gpa" 1
gives $OK page_accept "$gpa" 1
check_is "so far the VMM was asked for no page" 0 "$(counted ept_violations)"
td page "$gpa" 1 free
gives $OK page_accept "$gpa" 1
check_is "the VMM was asked for 2 MiB" 1 "$(counted ept_violations)"
td page $((gpa + 0x5000)) 0 free
gives $OK page_accept $((gpa + 0x5000)) 0
check_is "the VMM was asked for 4 KiB" 2 "$(counted ept_violations)"
td page "$gpa" 1 pending
gives $OK page_accept $((gpa + 0x6000)) 0
check_is "the VMM was asked to split 2 MiB" 3 "$(counted ept_violations)"

# --- TDG.MR.RTMR.EXTEND; hashes by sha384sum ---
DATA=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f
ONCE=fe83f742d1cab5c709a0c424729831fbff9b5bb9748a618f0b6ea04fe1fde4d546f4040e7fc9587b2e6badada6c941b0
TWICE=80e8e19c7ab39d81cd4022d3170787b72a97d4db30c8fd56bcb1b743a18980939d6ae5057dd4c9470739ac4852d8f59d
ZERO=000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
echo "put 0x1040 $DATA" >"$mem"
data=$((gpa + 0x1040))
gives $OK rtmr_extend $data 2
gives $OK rtmr_extend $data 3
gives $OK rtmr_extend $data 3
gives $RCX rtmr_extend $((data + 32)) 0
gives $RCX rtmr_extend $((data | SHARED)) 0
gives $RCX rtmr_extend $((1 << 40)) 0
gives $RDX rtmr_extend $data 4
gives $RDX rtmr_extend $data 0x100000000
td busy rtmr 1
gives $RTMR_BUSY rtmr_extend $data 0
# The first eight bytes, as a number of the CPU's.
gives $OK vm_rd 0x131000030000004c
out 0 0xc7b5cad142f783fe
gives $OK vm_rd 0x1310000300000040
out 0 0

# --- TDG.MR.REPORT ---
echo "fill 0x77" >"$mem"
echo "put 0x40 1122334455667788" >"$mem"
report=$((gpa + 0x2000))
gives $OK report $report $((gpa + 0x40)) 0
check_is "  type" 81000000 "$(bytes 0x2000 4)"
check_is "  what it was to contain" 11223344556677887777 "$(bytes 0x2080 10)"
# TDINFO is at 512, the RTMRs at 208 of it.
check_is "  RTMR 0" "$ZERO" "$(bytes 0x22d0 48)"
check_is "  RTMR 2" "$ONCE" "$(bytes 0x2330 48)"
check_is "  RTMR 3" "$TWICE" "$(bytes 0x2360 48)"
check_is "  nothing before and behind it" 77,77 \
	"$(bytes 0x1fff 1),$(bytes 0x2400 1)"
gives $OK report $((report | SHARED)) $((gpa + 0x40 | SHARED)) 0
gives $RCX report $((report + 512)) $((gpa + 0x20)) 1
gives $RDX report $report $((gpa + 0x20)) 1
gives $RDX report $report $((1 << 40)) 1
gives $R8 report $report $((gpa + 0x40)) 1
gives $RCX report $((1 << 40)) $((gpa + 0x40)) 0
td busy rtmr 1
gives $RTMR_BUSY report $report $((gpa + 0x40)) 0

# --- TDG.VM.RD ---
gives $OK vm_rd 0x1110000300000000	# ATTRIBUTES
out 0 0x10000000
gives $OK vm_rd 0x1110000300000001	# XFAM
out 0 3
gives $ID_INCORRECT vm_rd 0x11100003000000ff
gives $ID_INCORRECT vm_rd 0x1110000700000000
gives $ID_INCORRECT vm_rd $NONE		# only version 1 takes it
gives $NOT_READABLE vm_rd 0x8110000100000001	# HKID
out 0 0
gives $FIRST vm_walk $NONE
out 0 0
out 1 0x8010000300000020
gives $NOT_READABLE vm_walk 0x8110000100000001
out 1 $NONE

# walk NAME - how many values there are
walk()
{
	_n=0 _id=$NONE
	while :; do
		echo "$1 $_id" >"$f"
		_s=$(of "$f" status)
		case $_id,$_s in
		"$NONE,$FIRST")	;;
		*,$OK)		_n=$((_n + 1)) ;;
		*)		echo "$_id: $_s"
				return ;;
		esac
		_id=$(of "$f" out1)
		[ $_n -lt 1000 ] || return
		[ "$_id" != $NONE ] || break
	done
	echo $_n
}
check_is "a walk sees all values of the TD" 89 "$(walk vm_walk)"

# --- TDG.VP.RD, TDG.VP.CPUIDVE.SET, TDG.VP.INFO: CPU by CPU ---
on_cpu()	# CPU NAME [ARGUMENT]...
{
	_cpu=$1
	shift
	taskset -c "$_cpu" sh -c "echo '$*' >$f"
}
for cpu in 0 1; do
	on_cpu $cpu vp_rd 0xa020000200000002
	check_is "vp_rd on CPU $cpu" $OK "$(of "$f" status)"
	out 0 $cpu
	on_cpu $cpu vp_info
	check_is "vp_info on CPU $cpu" $OK "$(of "$f" status)"
	out 0 48
	out 1 0x10000000
	out 3 $cpu
	out 4 1
done
gives $ID_INCORRECT vp_rd 0xa0200002000000ff
gives $NOT_READABLE vp_rd 0x1020000300000000	# RAX
gives $FIRST vp_walk $NONE
out 1 0xa020000200000002
check_is "a walk sees all values of the virtual CPU" 3 "$(walk vp_walk)"

on_cpu 1 cpuidve_set 3
check_is "cpuidve_set 3 on CPU 1" $OK "$(of "$f" status)"
on_cpu 1 vp_rd 0xa020000000000008
out 0 1
on_cpu 0 vp_rd 0xa020000000000008
out 0 0
on_cpu 1 cpuidve_set 1
on_cpu 1 vp_rd 0xa020000000000008
out 0 0
on_cpu 1 vp_rd 0xa020000000000007
out 0 1
gives $RCX cpuidve_set 4
gives $RCX cpuidve_set 0x8000000000000003

# --- TDG.VP.VEINFO.GET ---
td ve 1 30 0x11 0x22 0x33 0x4400000003
on_cpu 0 veinfo_get
check_is "veinfo_get where there was no #VE" 0xc000070400000000 \
	"$(of "$f" status)"
for i in 0 1 2 3 4; do
	out $i 0
done
on_cpu 1 veinfo_get
check_is "veinfo_get" $OK "$(of "$f" status)"
out 0 30
out 1 0x11
out 2 0x22
out 3 0x33
out 4 0x4400000003
on_cpu 1 veinfo_get
check_is "veinfo_get again" 0xc000070400000000 "$(of "$f" status)"
out 0 0

# --- TDG.SYS.RD ---
gives $OK sys_rd 0x0800000200000000	# VENDOR_ID
out 0 0x8086
gives $OK sys_rd 0x0a00000300000008	# TDX_FEATURES0
out 0 0xf0fbf
gives $NOT_READABLE sys_rd 0x9000000100000000	# NUM_CMRS
gives $ID_INCORRECT sys_rd 0x0800000200ffffff
gives $ID_INCORRECT sys_rd 0x0800004200000000
gives $FIRST sys_walk $NONE
out 1 0x0800000200000000
check_is "a walk sees all values of the TDX module" 12 "$(walk sys_walk)"

check_is "no TDCALL was made that the emulator lacks" 0 "$(counted refused)"
sane
