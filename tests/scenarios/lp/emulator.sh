# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# emulator - the emulator refuses what makes no sense, in a sentence
#
# vm: --smp 2

# refuses OPTION REGEX
refuses()
{
	dmesg_mark
	# shellcheck disable=SC2086 # one parameter or more
	check "$1 is refused" not modprobe tdx_emul $1
	check "$1: in a sentence" dmesg_has -l err "tdx_emul: $2"
}

refuses keyids=31 "keyids: '31' is one number: write MKTME:TDX"
refuses keyids=x:1 "keyids: 'x' is not a number"
refuses cmrs=5 "cmrs: '5' is not BASE\\+SIZE"
refuses version=3 "version: '3' is none of: 1.0, 1.5, 2.0"
refuses lps=0 "lps: 0 is too little"
refuses pkgs=9 "pkgs: 9 is too much"
refuses inject=33:0 "inject: write LEAF:STATUS:COUNT"
refuses msr=2:0x87:0 "msr LP: 2 is too much: at most 1"
refuses hold=kot "hold: write LOCK:LP"
refuses vmx=perhaps "vmx: 'perhaps' is none of: off, on"
refuses keyid=31:32 "keyid: there is no such parameter"
refuses "keyids=31:32 version=2.0 lpss=2" "lpss: there is no such parameter"
refuses lonely "lonely: there is no such parameter"

modprobe tdx_host
refuses lps=2 "tdx_host is loaded already: unload it, load tdx_emul first"
rmmod tdx_host
check "in the right order the emulator loads" \
	modprobe tdx_emul keyid-bits=6 lps=2
check "and so does tdx_host" modprobe tdx_host
check "the emulator stays while tdx_host is there" not rmmod tdx_emul
check "control refuses nonsense" not sh -c "echo perhaps now >$EMUL/control"
check "rmmod" unload
sane
