# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a TDX host that is told to power off does not, or
# not as on a reboot; where power then does not go (no ACPI, a virtual machine
# that is only stopped), who gets the memory next takes machine checks
#
# vm: --tcg --cpu max,vendor=GenuineIntel,family=6,model=143,stepping=8
# vm: --smp 2,sockets=2 --mem 512M --reboot
# vm: --append 'memmap=1M$0x18000000'
# vm: --emul version=2.0 erratum=partial-write
LOG=/sys/kernel/debug/tdx_recorder

modprobe tdx_recorder base=0x18000000 reset_on_off=1
if ! grep -q '^say off' "$LOG"; then
	modprobe tdx_host
	modprobe tdx_client
	check "enable" sh -c "echo 1 >$TDX/enable"
	check "a KeyID is in use" sh -c \
		'echo alloc >/sys/kernel/debug/tdx_client/keyids'
	check "TDX has private memory" test "$(counter private_lines)" -gt 0
	emul vmx_held all
	echo "off failed $vm_failed" >"$LOG"
	poweroff -f
	sleep 60
	fail "it powers off"
	exit 1
fi

log=$(cat "$LOG")
# So that the next power-off is one.
rmmod tdx_recorder
printf '%s\n' "$log" | sed 's/^/# log: /'
check_is "the machine went off with nothing wrong before" "say off failed 0" \
	"$(printf '%s\n' "$log" | grep '^say off')"
check_is "TDX was shut down; caches written back; then no SEAMCALL is let through, PAMTs are reset, and power goes" \
	"disable 0x0
wbinvd
say late -108 -108 -108 -108
erratum 0 0
movdir64b
off" "$(printf '%s\n' "$log" | sed -e '1,/^say off/d' \
		-e '/^printk /d' -e 's/^wbinvd .*/wbinvd/' \
		-e 's/^movdir64b [1-9].*/movdir64b/' | uniq)"
check_is "every CPU wrote its caches back" "0 1" \
	"$(printf '%s\n' "$log" | sed -e '1,/^disable/d' |
		sed -n 's/^wbinvd //p' | sort -u | paste -s -d ' ' -)"
modprobe tdx_host
check "TDX can be had again" sh -c "echo 1 >$TDX/enable"
sane
