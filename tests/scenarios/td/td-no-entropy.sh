# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --emul inject=9:0x8000020300000000:1000000000
#
# what would break for a user: a TD for which there is no entropy would hang whoever makes it, for hours and beyond a kill

# shellcheck source=/dev/null
. /vm/td.sh

# uptime_s - whole seconds
uptime_s()
{
	cut -d . -f 1 /proc/uptime
}

# Leaf 9 is TDH.MNG.CREATE.
check "TDX comes up" modprobe tdx_host init=load
begin=$(uptime_s)
check "a TD without entropy cannot be made" not modprobe tdx_consumer
took=$(($(uptime_s) - begin))
echo "# took $took s"
check "that is over within 10 seconds" test $took -le 10
check "and says why" sh -c \
	"dmesg | grep -q 'TDH.MNG.CREATE: TDX_RND_NO_ENTROPY: .*retry'"
nothing_left

modprobe tdx_consumer &
sleep 1
kill -9 $!
begin=$(uptime_s)
wait $!
check "whoever is killed meanwhile ends within 4 seconds" \
	test $(($(uptime_s) - begin)) -le 4
nothing_left

check "entropy is back" sh -c "echo 'inject 9:0:0' >$EMUL/control"
check "a TD can be made again" modprobe tdx_consumer
nothing_left
sane
