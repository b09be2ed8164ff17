# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: the guests of all tests are run by an interpreter that a CPU does not agree with
#
# bochs
# vm: --emul

# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/guests.sh
. /vm/guests.sh

opened()
{
	grep -q open /tmp/guest
}

# An address that is shared has a bit that not every CPU knows.
shared=0
if grep -q '^address sizes.*: 4[89] bits physical' /proc/cpuinfo; then
	shared=1
else
	note "shared addresses are beyond this CPU"
fi

check "TDX is up" modprobe tdx_host init=load
emul guests interpreter
guests_run shared=$shared >/tmp/interpreter
check "no call failed" not grep FAILED /tmp/interpreter
check_is "the interpreter has no memory of its own" 1 "$(counter guest_pages)"

emul guests cpu
guests_run on_cpu=1 shared=$shared >/tmp/cpu
sed 's/^/# /' /tmp/cpu
check_is "what the interpreter knows the CPU does, too" \
	"$(cat /tmp/interpreter)" "$(grep -v XMM /tmp/cpu)"
check_is "XMM registers that were not chosen are nobody's" \
	"the host gets XMM1 1234, XMM2 0
the guest gets XMM1 5678, XMM2 1234" "$(grep XMM /tmp/cpu)"
nothing_left
check_is "all memory of guests is given back" 1 "$(counter guest_pages)"

# With KVM in VMX operation no call flushes the VCPU, and translations stay.
check "KVM is loaded" modprobe kvm-intel
kvm_guest hold until /tmp/stop >/tmp/guest 2>&1 &
pid=$!
check "a guest of KVM is open" within 60 opened
guests_run hold_vmx=1 shared=$shared >/tmp/held
check_is "all guests have run as before" \
	"$(wc -l </tmp/interpreter)" "$(wc -l </tmp/held)"
check_is "but a host that forgets TRACK is found out by what its guest reads" \
	"blocked: it reads 1122334455667788" \
	"$(grep -vxFf /tmp/interpreter /tmp/held | grep -Ev '^(shared|2 MiB)')"
check_is "and in 2 MiB that are one page" \
	"2 MiB, blocked: it accepts with 0, reads beef" \
	"$(grep -vxFf /tmp/interpreter /tmp/held | grep '^2 MiB')"
[ $shared = 0 ] || check_is "in memory that it shares, too" \
	"shared, another page, not tracked: it reads aaaa, the host aaaa 0
shared, and tracked: it reads bbbb, the host aaaa bbbb" \
	"$(sed -n '/^shared, another/,/^shared, and/p' /tmp/held)"
: >/tmp/stop
check "the guest of KVM ran well to its end" wait $pid
note "$(paste -s -d ' ' /tmp/guest)"
check "another one runs after" kvm_guest run
check "KVM can be unloaded" rmmod kvm-intel
nothing_left
check_is "no guest did what is not there" 0 "$(counter refused)"

# KVM goes, and with it VMX operation, while a VCPU is associated with the CPU.
check "KVM is loaded" modprobe kvm-intel
rm -f /tmp/stop
kvm_guest hold until /tmp/stop >/tmp/guest 2>&1 &
check "a guest of KVM is open" within 60 opened
cat >/tmp/between <<'END'
#!/bin/sh
: >/tmp/stop
until rmmod kvm-intel 2>/dev/null; do
	sleep 1
done
END
chmod +x /tmp/between
check_is "VMXOFF with a VCPU is the end of its TD" \
	"in VMX operation: it reads 1122334455667788
after VMXOFF: status 6000000280000021, 0 at 0" \
	"$(guests_run hold_vmx=1 between=/tmp/between)"
check_is "and counted" 1 "$(counter vcpus_lost)"
wait
check_is "all memory of guests is given back" 1 "$(counter guest_pages)"
sane
