# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2,sockets=2 --emul version=2.0
#
# what would break for a user: a module that loses KeyIDs, or gives back those of others, would not be found

# shellcheck source=/dev/null
. /vm/td.sh
# shellcheck source=/dev/null
. /vm/hotplug.sh

KEYIDS=/sys/kernel/debug/tdx_client/keyids

modprobe tdx_host init=load
modprobe tdx_client forget=1
check "two KeyIDs are taken" sys_write $KEYIDS alloc
check "both" sys_write $KEYIDS alloc
check "one is given back" sys_write $KEYIDS 33

dmesg_mark
check_is "a second time it is refused" "No such file or directory" \
	"$(sys_write $KEYIDS 33)"
check "the log says who did that" dmesg_has -l err \
	'given back .*KeyID 33, by [^ ]+ \[tdx_client\], but it is not in use.* has a bug'
dmesg_mark
check_is "one that is no TD's is refused" "Invalid argument" \
	"$(sys_write $KEYIDS "$(value keyid/global)")"
check "the log says who did that" dmesg_has -l err \
	'given back .*KeyID 32, by [^ ]+ \[tdx_client\]; guest KeyIDs are 33-63.* has a bug'
check_is "neither has changed anything" "30 34" \
	"$(value keyid/guest_free) $(cat $KEYIDS)"

dmesg_mark
check "a module with a KeyID is unloaded" rmmod tdx_client
check "the log names both, and what that means" dmesg_has -l err \
	'is gone without .* cannot be shut down .*KeyID 34, which [^ ]+ \[tdx_client\] took'
note "$(dmesg_has -l err 'is gone without')"
check "debugfs still knows who took it" \
	grep -q '^34 .* \[tdx_client\]$' /sys/kernel/debug/tdx_host/keyids
check_is "TDX is not shut down" "Device or resource busy" \
	"$(sys_write "$TDX/enable" 0)"
check "and it is said who is to blame" error_says \
	"1 KeyIDs, KeyID 34 by " " [tdx_client]); "
check "tdx_host stays, too" not rmmod tdx_host
dmesg_mark
check "another module without any is unloaded" sh -c \
	'modprobe tdx_consumer && rmmod tdx_consumer'
check "and nothing is said" dmesg_lacks 'is gone without'
sane
