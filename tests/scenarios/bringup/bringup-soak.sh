# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --mem 2G --emul
# very long
#
# what would break for a user: the same as in bringup-owned, after hours of work

# shellcheck source=/dev/null
. /vm/bringup.sh
# shellcheck source=/dev/null
. /vm/soak.sh
soak_kinds='pressure compact take cpu'
soak_apart=yes

modprobe tdx_harm
check "tdx_host loads" modprobe tdx_host init=load || exit
check "TDX is ready" is_ready
soak_seconds=60
check "60 s of memory pressure, compaction and CPU hotplug" soak
check "all of it was done" soaked_all
check "nobody wrote to what the TDX module owns" untouched
check_is "TDX is as ready as before" "ready 0-3" \
	"$(value state) $(value cpus_ready)"
sane
