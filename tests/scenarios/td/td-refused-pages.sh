# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a page that the TDX module cleared and then
# refused goes back to the kernel with lines of a private KeyID, and kills the
# machine, or another program's data, days later
#
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 4,sockets=2 --mem 512M

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/td.sh

# left - lines still private, of these written in part so far, and pages that
# may still be in a cache with a private KeyID
left()
{
	echo "$(counter private_lines) $(counter partial_writes)" \
		"$(counter dirty_pages)"
}

# brought_back - how often a page was
brought_back()
{
	echo "$(calls 41) $(counter movdir64b)"
}

modprobe tdx_emul erratum=partial-write
check "TDX comes up" modprobe tdx_host init=load
check "TDX is ready" is_ready
pamt_lines=$(($(counter pamt_pages) * 64))
check_is "nothing but PAMTs is private" "$pamt_lines 0 0" "$(left)"

# TDH.MNG.CREATE clears the TDR before it asks for random numbers.
emul "starve rdseed all always"
check "a TD without entropy cannot be made" not modprobe tdx_consumer
check "it is said why" sh -c \
	"dmesg | grep -q 'TDH.MNG.CREATE: TDX_RND_NO_ENTROPY: '"
check_is "the page that was refused is ordinary memory" "$pamt_lines 0 0" \
	"$(left)"
emul "starve rdseed all 0"
nothing_left

# Nor does it cost anything where nothing was written.
before=$(brought_back)
emul "inject 9:0xc000010000000002:1"
check "refused for its KeyID: no TD" not modprobe tdx_consumer
check_is "nothing had to be brought back" "$before" "$(brought_back)"
check_is "or is left" "$pamt_lines 0 0" "$(left)"

check "every wrapper brings refused pages back" modprobe tdx_wrappers
dmesg -s 1000000 | sed -n 's/^.*\] tdx_wrappers: FAILED/# FAILED/p'
check_is "which can be used at once" "$pamt_lines 0 0" "$(left)"
nothing_left
rmmod tdx_wrappers

# A page that cannot be brought back is not freed, and everybody is told.
emul "starve rdseed all always"
emul "inject 41:0xc000010000000001:1"
check "a TD without entropy, and no way back" not modprobe tdx_consumer
emul "starve rdseed all 0"
told | tail -n 2 | sed 's/^/# /'
check "the caller is told" sh -c \
	"dmesg | grep -q 'TDH.MNG.CREATE: TDX_PAGE_LOST: '"
check "and people, with the reasons" sh -c \
	"dmesg | grep -q 'TDH.MNG.CREATE: .*TDX_RND_NO_ENTROPY.*TDX_OPERAND_INVALID'"
check_is "the page is kept, untouched" "$((pamt_lines + 64)) 0 1" "$(left)"
check "so it counts as outstanding" \
	sh -c "dmesg | grep -q 'TD destroyed: 1 pages, 0 KeyIDs outstanding'"
check "the next TD can be made" modprobe tdx_consumer
sane
