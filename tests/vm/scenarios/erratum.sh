# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # lib.sh and tdx.sh are sourced before
#
# what would break for a user: on Sapphire and Emerald Rapids memory that TDX
# gave back takes machine checks, days later and in somebody else's program
#
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 2 --mem 512M

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/soak.sh

mount -o remount,size=95% /dev/shm

# erratum - lines still private, and lines written in part so far
erratum()
{
	echo "$(counter private_lines) $(counter partial_writes)"
}

modprobe tdx_emul version=2.0
modprobe tdx_host
check_is "a CPU model with the erratum, without MOVDIR64B" unsupported \
	"$(value state)"
check "last_error says why" error_says MOVDIR64B clearcpuid
check "that emulator goes" unload

modprobe tdx_emul erratum=partial-write version=2.0
modprobe tdx_harm
modprobe tdx_host
check "the log names the erratum" dmesg_has 'partial-write erratum$'
check "bring-up" gets_ready
pamt_lines=$(($(counter pamt_pages) * 64))
check_is "PAMTs are private, and untouched" "$pamt_lines 0" "$(erratum)"
check "nearly all other memory is written to" pressure
check_is "that is no concern of TDX" "$pamt_lines 0" "$(erratum)"
check_is "nothing was reset yet" 0 "$(counter movdir64b)"
check "disable" sh -c "echo 0 >$TDX/enable"
check_is "each private line is ordinary again" "0 0" "$(erratum)"
check "by MOVDIR64B ($(counter movdir64b) times)" \
	test "$(counter movdir64b)" -ge "$pamt_lines"
check "nearly all memory is written to" pressure
check_is "and nothing is poisoned" "0 0" "$(erratum)"

# Whether the emulator would have seen it: a PAMT written to by hand.
emul module fresh
check "bring-up" gets_ready
pamt=$(sed -n 's/^pamt 4k \(0x[0-9a-f]*\) .*/\1/p' \
	/sys/kernel/debug/tdx_host/tdmrs | head -n 1)
dmesg_mark
check "somebody writes a byte to a PAMT" \
	sh -c "echo $pamt >/sys/kernel/debug/tdx_harm/poke"
check_is "that is one partial write" "$((pamt_lines - 1)) 1" "$(erratum)"
check "the log tells where" dmesg_has -l warn \
	"partial write to TDX private memory at $pamt"
check_is "disable resets that line, too" "ok 0 1" "$(ask 0) $(erratum)"
sane
