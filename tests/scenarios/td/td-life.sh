# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: a module that follows examples/td could not make, run or destroy a TD, or lost pages

# shellcheck source=/dev/null
. /vm/td.sh

check "modprobe tdx_consumer, which brings TDX up" modprobe tdx_consumer
told | sed 's/^/# /'
# The MRTD was computed apart, as SHA-384 of the bytes of guest_page.S, in the blocks
# of TDX Module ABI 1.5, "Measurement of TD Build-Time Content".
check_is "the life of a TD, step by step" "$(cat <<'END'
TDX is ready, TDX module 1.5.01
TD 0: KeyID 33
TD 0: TDR at ADDRESS
TD 0: key configured on every package
TD 0: TDCS: 6 pages added
TD 0: initialised: 1 VCPU at most, 4 levels of Secure EPT
TD 0: VCPU 0: TDVPS of 6 pages, initialised
TD 0: Secure EPT: page for GPA 0x0, 2^39 bytes
TD 0: Secure EPT: page for GPA 0xc0000000, 2^30 bytes
TD 0: Secure EPT: page for GPA 0xffe00000, 2^21 bytes
TD 0: page added at GPA 0xfffff000
TD 0: page at GPA 0xfffff000 measured
TD 0: finalised, it can run
TD 0: MRTD abe02eda2fdef7537c99c7c4fe9a68aa86ad5b615199a84f82a8ce1a4654ec0f245dc47154e3425c650df5228fd9c7c8
TD 0: exit: the guest writes 0x21444c54 to port 0x3f8
TD 0: exit: the guest halts, and is woken up
TD 0: exit: EPT violation at GPA 0x40000000
TD 0: Secure EPT: page for GPA 0x40000000, 2^30 bytes
TD 0: Secure EPT: page for GPA 0x40000000, 2^21 bytes
TD 0: empty page at GPA 0x40000000, for the guest to accept
TD 0: exit: the guest writes 0x5ec2e7ed to port 0x3f8
TD 0: exit: the guest gives back the page at GPA 0x40000000
TD 0: page at GPA 0x40000000 blocked, tracked, removed
TD 0: exit: EPT violation at GPA 0x40000000
TD 0: empty page at GPA 0x40000000, for the guest to accept
TD 0: exit: the guest writes 0x00000000 to port 0x3f8
TD 0: exit: the guest halts for good
TD 0: no VCPU, no cache line, no key is left
TD 0: all pages reclaimed, the KeyID given back
TD destroyed: 0 pages, 0 KeyIDs outstanding
END
)" "$(told | sed 's/TDR at 0x.*/TDR at ADDRESS/')"
nothing_left
check "rmmod tdx_consumer" rmmod tdx_consumer

check "and again" modprobe tdx_consumer
check_is "what is the same has the same measurement" 1 \
	"$(told | grep ' MRTD ' | sort -u | wc -l)"
nothing_left
check "rmmod tdx_consumer" rmmod tdx_consumer
check "tds=0 is refused" not modprobe tdx_consumer tds=0
check "in a sentence" dmesg_has 'tds=0 threads=1: there must be one TD or more'
sane
