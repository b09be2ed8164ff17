# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# registers - what the three trampolines do to registers, on every way out
#
# vm: --smp 2 --emul

modprobe tdx_host
modprobe tdx_test
on_cpus 0-1 >/dev/null
emul vmx_held 1

# did NAME - a line of the last call's outcome
did()
{
	sed -n "s/^$1 //p" "$TEST/seamcall"
}

# call EXPECTED_STATUS SHAPE LEAF [REG=VALUE]... - on CPU 1
call()
{
	_want=$1 _shape=$2
	shift 2
	echo "$_shape 1 $*" >"$TEST/seamcall"
	check_is "$_shape $*: status" "$_want" "$(did status)"
	check_is "$_shape $*: callee-saved registers" yes "$(did kept)"
	[ "$_shape" != saved ] ||
		check_is "$_shape $*: the rest is scrubbed" yes "$(did scrubbed)"
}

NUM_CMRS=0x9000000100000000	# TDH.SYS.RD: a field whose value is 32
OK=0x0000000000000000
for shape in thin ret saved; do
	call $OK $shape 34 rdx=$NUM_CMRS r8=0
done
echo "ret 1 34 rdx=$NUM_CMRS r9=0x99 r10=0xaa r11=0xbb" >"$TEST/seamcall"
check "ret: outputs are written back" test "$(did 'args r8')" = 0x0000000000000020
check_is "ret: what the leaf leaves alone comes back" \
	0x0000000000000099,0x00000000000000aa,0x00000000000000bb \
	"$(did 'args r9'),$(did 'args r10'),$(did 'args r11')"
echo "saved 1 34 rdx=$NUM_CMRS r12=0x12 r15=0x15 rdi=0xd1 rsi=0x51" \
	>"$TEST/seamcall"
check_is "saved: outputs are written back" 0x0000000000000020 "$(did 'args r8')"
check_is "saved: every operand arrives and comes back" \
	0x0000000000000012,0x0000000000000015,0x00000000000000d1,0x0000000000000051 \
	"$(did 'args r12'),$(did 'args r15'),$(did 'args rdi'),$(did 'args rsi')"

# The ways out that are no completion status of the TDX module.
emul module absent
for shape in thin ret saved; do
	call 0x8000ff00ffff0000 $shape 34 rdx=$NUM_CMRS
done
check_is "VMfailInvalid: operands are as before" $NUM_CMRS "$(did 'args rdx')"
emul module present
emul seam off 1
for shape in thin ret saved; do
	call 0x8000ff000000000d $shape 34 rdx=$NUM_CMRS
done
check_is "#GP: operands are as before" $NUM_CMRS "$(did 'args rdx')"
emul seam on 1
emul vmx_released 1
for shape in thin ret saved; do
	call 0x8000ff0000000006 $shape 34 rdx=$NUM_CMRS
done
check_is "#UD: operands are as before" $NUM_CMRS "$(did 'args rdx')"
check "nine of these were made" test "$(counter gp)" -ge 3

# The P-SEAMLDR numbers its functions from 0 as the TDX module does: function 0,
# with an address that is none, is no TDH.VP.ENTER to who counts calls.
echo "call 0 0x8000000000000000 rcx=1" >"$TEST/seamcall"
check_is "P-SEAMLDR: its status comes back" 0x8000000000000000 "$(did status)"
check "it is counted as a call of no leaf" \
	grep -q '^other 1 0 1 ' /sys/kernel/debug/tdx_host/seamcalls
check "and not as TDH.VP.ENTER" \
	not grep -q TDH.VP.ENTER /sys/kernel/debug/tdx_host/seamcalls
