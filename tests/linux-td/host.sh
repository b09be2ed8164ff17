# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# host.sh - boots Linux in a TD, in the VM that is its host. Run there by
# check.sh, which judges what it prints.

emul=/sys/kernel/debug/tdx_emul

now()
{
	cut -d ' ' -f 1 /proc/uptime
}

opened()
{
	grep -q open /tmp/guest
}

mkdir -p /tmp
# On kernels before 6.12 KVM is in VMX operation as long as a VM is open.
modprobe kvm-intel || exit
kvm_guest hold until /tmp/stop >/tmp/guest 2>&1 &
pid=$!
until opened || ! kill -0 $pid; do
	sleep 1
done
echo "held: $(cat /tmp/guest)"

modprobe tdx_host init=load || exit
begun=$(now)
# shellcheck disable=SC2154 # check.sh sets it
modprobe linux_td kernel=/linux-td/vmlinux initrd=/linux-td/initrd \
	holds_vmx=1 "$@"
echo "status: $?"
echo "seconds: $begun $(now)"
dmesg -s 4000000 | sed -n 's/^.*\] linux_td: //p'
dmesg -s 4000000 | sed -n 's/^.*\] tdx_emul: guest/emulator: guest/p'
: >/tmp/stop
wait $pid
echo "kvm: $? $(tail -n 1 /tmp/guest)"
sed -n 's/^/verify: /p' $emul/verify | tail -n 1
sed -n 's/^/stats: /p' $emul/stats
