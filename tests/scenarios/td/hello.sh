# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
# vm: --smp 2 --emul module=absent
#
# what would break for a user: the module to begin with (examples/hello) would not load, say nothing, or lose a KeyID

check "without a TDX module modprobe tdx_hello fails" not modprobe tdx_hello
check "its reason is where it says" error_says 'TDX module'

check "another machine, with one" new_machine
check "modprobe tdx_hello brings TDX up" modprobe tdx_hello
check_is "TDX is ready" ready "$(value state)"
check_is "it says what there is" "TDX module 1.5.01 build $(value build_num) is ready
KeyID 33 could be that of a TD" \
	"$(dmesg | sed -n 's/^\[ *[0-9.]*\] tdx_hello: //p' | tail -n 2)"
check_is "every KeyID is free" "$(value keyid/guest_count)" \
	"$(value keyid/guest_free)"
check "rmmod" rmmod tdx_hello
sane
