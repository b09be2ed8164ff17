# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# uevents - every state can be read in sysfs and is announced
#
# vm: --smp 2 --emul module=absent

uevent env >/tmp/uevents &
pid=$!
usleep 200000

# states - those announced so far
states()
{
	sed -n 's/^TDX_STATE=//p' /tmp/uevents | paste -s -d ' ' -
}

announced()	# STATES
{
	[ "$(states)" = "$1" ]
}

modprobe tdx_host
check_is "detected" detected "$(value state)"
check "enable fails" not sh -c "echo 1 >$TDX/enable"
check_is "failed" failed "$(value state)"
check "both changes were announced" within 5 announced "initializing failed"
emul module present
check "enable succeeds" sh -c "echo 1 >$TDX/enable"
after=$(value state)
check "so were these" within 5 \
	announced "initializing failed initializing $after"
check_is "each is a change of the device" \
	"ACTION=change DEVPATH=/devices/platform/tdx_host" \
	"$(awk '/^ACTION=/ { action = $0 }
		/^DEVPATH=/ { path = $0 }
		/^TDX_STATE=/ { print action, path }' /tmp/uevents | sort -u)"

for f in state last_error version build_num features0 cpus_ready \
	 keyid/mktme_count keyid/global keyid/guest_start keyid/guest_count; do
	check "$f can be read" readable "$f"
	check "$f is one value" test "$(value "$f" | wc -l)" -le 1
done
check_is "version" 1.5.01 "$(value version)"
check_is "nobody but root may write" "--w-------" \
	"$(stat -c %A "$TDX/enable")"
check "nonsense is refused" not sh -c "echo maybe >$TDX/enable"
sane

cleanup()
{
	kill $pid
}
