# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# detect - loading finds TDX and says what it found, and does nothing else
#
# vm: --smp 4,sockets=2 --emul keyids=15:16

dmesg_mark
check "modprobe succeeds" modprobe tdx_host
check_is "state" detected "$(value state)"
check_is "MKTME KeyIDs" 15 "$(value keyid/mktme_count)"
check_is "the global KeyID is the first private one" 16 "$(value keyid/global)"
check_is "guest KeyIDs begin after it" 17 "$(value keyid/guest_start)"
check_is "all others are for guests" 15 "$(value keyid/guest_count)"
check_is "no CPU is initialised" "" "$(value cpus_ready)"
check "version is not known yet" not readable version
check_is "last_error is empty" "" "$(value last_error)"
check "one line says what was found" dmesg_has -l info \
	'tdx_host: TDX enabled by the BIOS.*global KeyID 16.*guest KeyIDs 17-31'
check "no warning" dmesg_lacks -l warn+ 'tdx_host:'
check_is "no SEAMCALL was made" 0 "$(counter seamcalls)"
check "rmmod" rmmod tdx_host
check_is "nor on the way out" 0 "$(counter seamcalls)"
check "nothing stays in sysfs" not test -e "$TDX"

for bad in use_tdx=maybe init=never; do
	dmesg_mark
	check "$bad is refused" not modprobe tdx_host "$bad"
	check "$bad: the sentence names value and choices" dmesg_has -l err \
		"tdx_host: a parameter .*\($bad; (on or off|load or demand) would do\)"
done

dmesg_mark
check "a parameter that there is not is ignored" modprobe tdx_host ini=load
check "the kernel names it" dmesg_has -l warn \
	"tdx_host: unknown parameter 'ini' ignored"
check "and tdx_host what it goes by" dmesg_has -l info \
	'parameters: use_tdx=on init=demand memory_hotplug=reject$'
check "it says before it happens what becomes of hot-added memory" \
	dmesg_has -l info 'hot-added .*stays offline; memory_hotplug=allow'
rmmod tdx_host
dmesg_mark
modprobe tdx_host memory_hotplug=allow
check "with memory_hotplug=allow there is nothing to say" \
	dmesg_lacks 'stays offline'
rmmod tdx_host
sane
