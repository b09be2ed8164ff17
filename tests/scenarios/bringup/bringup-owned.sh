# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
# long
# vm: --smp 4,sockets=2 --mem 512M --emul
#
# what would break for a user: TDs that die because the kernel wrote to memory of the TDX module

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/soak.sh
soak_kinds='pressure compact take cpu'
soak_apart=yes

modprobe tdx_harm
check "tdx_host loads" modprobe tdx_host init=load || exit
check "TDX is ready" is_ready
pages=$(counter pamt_pages)
note "$pages pages belong to the TDX module"
check_is "all of PAMT memory does" "$(value pamt_kb)" $((pages * 4))
soak_seconds=5
check "5 s of memory pressure, compaction and CPU hotplug" soak
check "all of it was done" soaked_all
check "nobody wrote to what the TDX module owns" untouched
check_is "TDX is as ready as before" "ready 0-3" \
	"$(value state) $(value cpus_ready)"
check_is "it owns as much as before" "$pages" "$(counter pamt_pages)"

# That could not fail if the emulator did not look: one byte, in the middle.
base=$(sed -n 's/^pamt 4k \([^ ]*\) .*/\1/p' /sys/kernel/debug/tdx_host/tdmrs |
	head -n 1)
victim=$((base + 0x123456))
echo $victim >/sys/kernel/debug/tdx_harm/poke
check_is "a write of one byte is reported, with its address" \
	"corrupt $(printf '0x%x' $victim)
pages_corrupt 1" "$(cat "$EMUL/verify")"
sane
