# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
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
# shellcheck source=/dev/null
. /vm/td.sh

mount -o remount,size=95% /dev/shm

# erratum - lines still private, and lines written in part so far
erratum()
{
	echo "$(counter private_lines) $(counter partial_writes)"
}

# a_pamt - where a PAMT is; not at the same place each time
a_pamt()
{
	sed -n 's/^pamt 4k \(0x[0-9a-f]*\) .*/\1/p' \
		/sys/kernel/debug/tdx_host/tdmrs | head -n 1
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
pamt=$(a_pamt)
dmesg_mark
check "somebody writes a byte to a PAMT" \
	sh -c "echo $pamt >/sys/kernel/debug/tdx_harm/poke"
check_is "that is one partial write" "$((pamt_lines - 1)) 1" "$(erratum)"
check "the log tells where" dmesg_has -l warn \
	"partial write to TDX private memory at $pamt"
check_is "disable resets that line, too" "ok 0 1" "$(ask 0) $(erratum)"
emul module fresh
check "bring-up" gets_ready
check "and once more" sh -c "echo $(a_pamt) >/sys/kernel/debug/tdx_harm/poke"
check_is "which is too late for what is written before" "ok 0 2" \
	"$(ask 0) $(erratum)"

# Pages of TDs go back to the kernel one by one, while TDX is up.
emul module fresh
check "bring-up" gets_ready
resets=$(counter movdir64b)
check "a TD lives and is destroyed" modprobe tdx_consumer
told | tail -n 1 | sed 's/^/# /'
check_is "nothing but PAMTs is private" "$pamt_lines 2" "$(erratum)"
# TDH.PHYMEM.PAGE.RECLAIM and TDH.MEM.PAGE.REMOVE.
pages=$(($(calls 28) + $(calls 29)))
check "it had pages" test $pages -gt 0
check_is "each of its $pages pages was reset" $((pages * 64)) \
	$(($(counter movdir64b) - resets))
nothing_left
rmmod tdx_consumer

# Whether the emulator would have seen it: a page that nobody resets.
modprobe tdx_test
emul vmx_held all
# Some have a PAMT, or what else cannot be moved.
for tdr in 0x10000000 0x11000000 0x12000000 0x13000000 0x14000000; do
	echo "4194304 $tdr $((tdr + 0x400000))" \
		>/sys/kernel/debug/tdx_harm/fill
	[ "$(cat /sys/kernel/debug/tdx_harm/fill)" = 0 ] || break
done
check_is "there is a page for a TD" 1 "$(cat /sys/kernel/debug/tdx_harm/fill)"
ok "TDH.MNG.CREATE" 9 rcx="$tdr" rdx=33
check_is "the page is private" "$((pamt_lines + 64)) 2" "$(erratum)"
dmesg_mark
echo $((tdr + 0x123)) >/sys/kernel/debug/tdx_harm/poke
check_is "a write to it is a partial one" "$((pamt_lines + 63)) 3" "$(erratum)"
check "the log tells where" dmesg_has -l warn \
	"partial write to TDX private memory at ${tdr%000}100:"
ok "TDH.MNG.VPFLUSHDONE" 19 rcx="$tdr"
ok "TDH.PHYMEM.CACHE.WB" 40
ok "TDH.MNG.KEY.FREEID" 20 rcx="$tdr"
ok "TDH.PHYMEM.PAGE.RECLAIM" 28 rcx="$tdr"
check_is "it is the kernel's again, and still private" \
	"0 $((pamt_lines + 63)) 3" "$(counter private_pages) $(erratum)"
dmesg_mark
echo $((tdr + 0xfff)) >/sys/kernel/debug/tdx_harm/poke
check_is "so the kernel's write is a partial one, too" \
	"$((pamt_lines + 62)) 4" "$(erratum)"
check "the log tells where" dmesg_has -l warn \
	"partial write to TDX private memory at ${tdr%000}fc0:"
emul vmx_released all
check_is "the end of TDX does not help that page" "ok 62 4" "$(ask 0) $(erratum)"
sane
