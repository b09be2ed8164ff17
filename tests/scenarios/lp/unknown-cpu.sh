# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# unknown-cpu - a CPU that the BIOS does not know is named
#
# vm: --smp 3 --emul lps=2

# Whichever CPU happens to run modprobe, it is the odd one that is named.
for n in 0 1 2; do
	taskset -c $n modprobe tdx_host init=load
	check_is "loaded on CPU $n: state" unsupported "$(value state)"
	check "loaded on CPU $n: last_error names CPU 2" \
		error_says "CPU 2" "CPU 0" "BIOS"
	check_is "loaded on CPU $n: no SEAMCALL was made" 0 \
		"$(counter seamcalls)"
	rmmod tdx_host
done

# Taken offline in time it does not matter.
unload
check "CPU 2 goes off" cpu 2 off
modprobe tdx_emul lps=2
modprobe tdx_host
check_is "without it: state" detected "$(value state)"
modprobe tdx_test
check_is "without it: the others are initialised" "0 0
1 0" "$(on_cpus 0-1)"
dmesg_mark
check "CPU 2 may come for ordinary work" cpu 2 on
check_is "it is not ready for TDX" 0-1 "$(value cpus_ready)"
check "dmesg says so" dmesg_has -l warn+ 'CPU 2'
check "and it works" taskset -c 2 true
sane
