# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: with a package's last CPU offline nobody can
# flush its caches, so a TD cannot be torn down and its KeyID is lost
#
# vm: --smp 8,sockets=4 --mem 512M --emul
# shellcheck source=SCRIPTDIR/../../vm/guest/hotplug.sh
. /vm/hotplug.sh

KEYIDS=/sys/kernel/debug/tdx_client/keyids
EBUSY='Device or resource busy'

# off CPU - prints the errno if it stays online
off()
{
	sys_write "$CPUS/cpu$1/online" 0
}

modprobe tdx_host
modprobe tdx_client
check_is "no KeyID before TDX is ready" "No such device" \
	"$(sys_write $KEYIDS alloc)"
check "enable" sh -c "echo 1 >$TDX/enable"
check_is "the notifier hears of it" ready \
	"$(cat /sys/kernel/debug/tdx_client/events)"
check_is "cpus_ready" 0-7 "$(value cpus_ready)"
free=$(value keyid/guest_free)

check "no KeyID in use: package 3 loses a CPU" off 7
check "and its last" off 6
check_is "cpus_ready" 0-5 "$(value cpus_ready)"
check "they come back" cpu 6 on
check "both" cpu 7 on
check_is "and are ready, with no TDH.SYS.LP.INIT" "0-7 8" \
	"$(value cpus_ready) $(calls 35)"

check "a KeyID is taken" sys_write $KEYIDS alloc
check_is "it is not the global one" "$(value keyid/guest_start)" \
	"$(cat $KEYIDS)"
check_is "one less is free" $((free - 1)) "$(value keyid/guest_free)"
check "package 3 loses a CPU" off 6
dmesg_mark
check_is "but not its last" "$EBUSY" "$(off 7)"
check "the log names the package" dmesg_has -l warn \
	'stays online, .*CPU 7 of package 3, 1 KeyIDs in use'
note "$(dmesg_has -l warn 'stays online')"
check "package 0 loses one, too" off 1
check_is "cpus_ready" 0,2-5,7 "$(value cpus_ready)"

check "the KeyID is given back" sys_write $KEYIDS "$(cat $KEYIDS)"
check_is "all are free" "$free" "$(value keyid/guest_free)"
check "the last CPU of package 3 may go" off 7
check_is "given back twice it is refused" "No such file or directory" \
	"$(sys_write $KEYIDS "$(value keyid/guest_start)")"
check_is "the global KeyID is nobody's" "Invalid argument" \
	"$(sys_write $KEYIDS "$(value keyid/global)")"
for c in 1 6 7; do
	check "CPU $c comes back" cpu $c on
done

take_all()
{
	_n=0
	while sys_write $KEYIDS alloc; do
		_n=$((_n + 1))
	done >/tmp/take_all
	echo "$_n, then $(cat /tmp/take_all)"
}

check_is "every KeyID can be had once" "$free, then No space left on device" \
	"$(take_all)"
check_is "none twice" "$free" "$(sort -u $KEYIDS | wc -l)"
rmmod tdx_client
check_is "all came back" "$free" "$(value keyid/guest_free)"
sane
