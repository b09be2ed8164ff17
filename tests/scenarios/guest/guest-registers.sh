# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2086 # tdcall.sh has them, without blanks
#
# guest-registers - what TDCALLs do to registers, on every way out
#
# vm: --timeout 600
#
# what would break for a user: an operand is lost, or a register holds what the
# VMM put there
#
# shellcheck source=/dev/null
. /vm/tdcall.sh

modprobe tdx_emul_td
modprobe tdx_guest_call
check_is "loading makes no TDCALL" 0 "$(counted calls)"
modprobe tdx_tdcall_test
f=$TDCALL/registers

# call WANT SHAPE [LEAF] [REG=VALUE]...
call()
{
	_want=$1
	shift
	echo "$*" >"$f"
	check_is "$*: status" "$_want" "$(of "$f" status)"
	check_is "$*: callee-saved registers" yes "$(of "$f" kept)"
	# tdx_guest_module_call() asks the TDX module alone, and leaves in the
	# other registers what it returned.
	case $1 in
	module|module-)	return ;;
	esac
	check_is "$*: the rest is scrubbed" yes "$(of "$f" scrubbed)"
	check_is "$*: no register holds what another party chose" "" \
		"$(grep "^after .*0xbad0bad0" "$f")"
}

# What tdcall_regs.c puts into operands that are not named, by their place.
ALL="rcx rdx r8 r9 r10 r11 r12 r13 r14 r15 rbx rdi rsi"
pattern()	# FIRST NAME... - "NAME=PATTERN" for each
{
	_first=$1
	shift
	_i=0
	for _a in $ALL; do
		for _n; do
			[ "$_n" != "$_a" ] ||
				printf '%s=0x5a5a5a5a%08x ' "$_a" \
					$((_first + _i))
		done
		_i=$((_i + 1))
	done
}

# answers NAME... - "NAME=VALUE" of what the VMM answers unless told otherwise
answers()
{
	_i=0
	for _a in rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15
	do
		for _n; do
			[ "$_n" != "$_a" ] ||
				printf '%s=0xbad0bad0%08x ' "$_a" $_i
		done
		_i=$((_i + 1))
	done
}

# chosen NAME... - the same as if another party had chosen them for "answer"
chosen()
{
	_i=256
	for _n; do
		printf '%s=0xbad0bad0%08x ' "$_n" $_i
		_i=$((_i + 1))
	done
}

# shellcheck disable=SC2046,SC2086 # lists of words
{
# A request to the TDX module: operands in, outputs out, or none.
BUSY=0x8000020000000001
OUT="rcx rdx r8 r9 r10 r11"
td answer 1 $BUSY $(chosen $OUT)
call $BUSY module 1 rcx=0x11 rdx=0x22 r8=0x88 r9=0x99
are "module: in" "$TD/last" "in " rax=1 rcx=0x11 rdx=0x22 r8=0x88 r9=0x99
are "module: out" "$f" "out " $(chosen $OUT) \
	$(pattern 512 r12 r13 r14 r15 rbx rdi rsi)
td answer 6 $OK $(chosen $OUT)
call $OK module- 6 rcx=0x2001 rdx=0x22 r8=0x88 r9=0x99
are "module-: in" "$TD/last" "in " rax=6 rcx=0x2001 rdx=0x22 r8=0x88 r9=0x99
call $RAX module 0 rcx=0xfc00
check_is "module 0: TDG.VP.VMCALL is not made that way" 0 \
	"$(counted TDG.VP.VMCALL)"
call $RAX module 0x10000 rcx=0xfc00
check_is "module 0x10000: neither is its next version" 0 \
	"$(counted TDG.VP.VMCALL)"
# Bits of RAX beyond the leaf arrive.
call $RAX module 0x8000000000000001
are "module: in" "$TD/last" "in " rax=0x8000000000000001

# The same with all registers, RBP changed behind its back.
td answer 18 $BUSY $(chosen $ALL) rbp=0xbad0bad0000000bb
call $BUSY module_saved 18
are "module_saved: in" "$TD/last" "in " rax=18 $(pattern 256 $ALL)
are "module_saved: out" "$f" "out " $(chosen $ALL)

# A request to the VMM: it sees six registers, and changes those.
SIX="r10 r11 r12 r13 r14 r15"
REST="rcx rdx r8 r9 rbx rdi rsi"
call $OK hypercall
are "hypercall: in" "$TD/last" "in " rax=0 rcx=0xfc00
are "hypercall: the VMM sees" "$TD/vmm" "" rax=77 rcx=0xfc00 \
	$(pattern 256 $SIX) rdx=0 rbx=0 rbp=0 rsi=0 rdi=0 r8=0 r9=0
are "hypercall: out" "$f" "out " $(answers $SIX) $(pattern 512 $REST)
call $OK hypercall- r10=0xa r11=0xb r12=0xc r13=0xd r14=0xe r15=0xf
are "hypercall-: the VMM sees" "$TD/vmm" "" r10=0xa r11=0xb r12=0xc r13=0xd \
	r14=0xe r15=0xf
td vmm r10=1 r11=2 r12=3 r13=4 r14=5 r15=6
call $OK hypercall=
are "hypercall=: out" "$f" "out " r10=1 r11=2 r12=3 r13=4 r14=5 r15=6 \
	$(pattern 256 $REST)
td vmm
# The TDX module refuses: the VMM was never asked.
td answer 0 $RCX
call $RCX hypercall
are "hypercall refused: out" "$f" "out " $(pattern 256 $SIX) \
	$(pattern 512 $REST)

# All registers that a mask may hold, and RBP is not one of them.
MOST="rdx rbx rsi rdi r8 r9 r10 r11 r12 r13 r14 r15"
call $OK hypercall_saved
are "hypercall_saved: in" "$TD/last" "in " rax=0 rcx=0xffcc
are "hypercall_saved: the VMM sees" "$TD/vmm" "" rax=77 rcx=0xffcc \
	$(pattern 256 $MOST) rbp=0
are "hypercall_saved: out" "$f" "out " $(answers $MOST) $(pattern 512 rcx)
# <ReportFatalError>: its message is in eight of them.
call $OK hypercall_saved- r10=0 r11=0x10003 r12=0 r14=0x41 r15=0x42 rbx=0x43 \
	rdi=0x44 rsi=0x45 r8=0x46 r9=0x47 rdx=0x48
are "ReportFatalError: the VMM sees" "$TD/vmm" "" r10=0 r11=0x10003 r12=0 \
	r14=0x41 r15=0x42 rbx=0x43 rdi=0x44 rsi=0x45 r8=0x46 r9=0x47 rdx=0x48
call $OK hypercall_saved=
are "hypercall_saved=: out" "$f" "out " $(answers $MOST) $(pattern 256 rcx)
td answer 0 $RCX
call $RCX hypercall_saved
are "hypercall_saved refused: out" "$f" "out " $(pattern 256 $MOST)

# A mask of one's own; RBP can be in it only in a TD that was made so.
call $OK module_saved 0 rcx=0x8
are "a mask of its own: the VMM sees" "$TD/vmm" "" $(pattern 256 rbx) r10=0
are "a mask of its own: out" "$f" "out " $(answers rbx) $(pattern 256 r10)
for mask in 0x1 0x2 0x10 0x20 0x100000000; do
	call $RCX module_saved 0 rcx=$mask
done
rmmod tdx_emul_td
modprobe tdx_emul_td rbp=1
call $OK module_saved 0 rcx=0xffec
check_is "RBP exposed: the VMM had it" 0x0000000000000000 \
	"$(of "$TD/last" "out rax")"
call $RCX module_saved 0 rcx=0x10
}
check_is "no TDCALL was made that the emulator lacks" 0 "$(counted refused)"
sane
