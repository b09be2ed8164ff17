# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: a TDX module that reports nonsense makes the kernel warn, or fail without a word why
#
# vm: --mem 1G

# on_module ID VALUE - bring-up with a TDX module that reports this
on_module()
{
	[ "$(value state)" != ready ] || echo 0 >"$TDX/enable"
	new_machine version=2.0 "sysrd=$1:$2"
	modprobe tdx_host init=load
}

# refused FIELD ID VALUE BOUND - that value is refused, by these names
refused()
{
	on_module "$2" "$3"
	check_is "$1 $3: state" failed "$(value state)"
	check "$1 $3: last_error names field, value and bound" \
		error_says "$1" "$2" "$3" "$4" "TDX module"
	check_is "$1 $3: nothing was configured with it" "0 0" \
		"$(calls 45) $(value pamt_kb)"
}

# taken FIELD ID VALUE - a value at the edge is not
taken()
{
	on_module "$2" "$3"
	check "$1 $3: the value itself is no obstacle" not error_says "$1"
}

dmesg_mark
refused max_tdmrs 0x9100000100000008 0 "1 to 65535"
refused max_tdmrs 0x9100000100000008 65536 "1 to 65535"
refused max_reserved_per_tdmr 0x9100000100000009 65535 "0 to 255"
refused max_reserved_per_tdmr 0x9100000100000009 256 "0 to 255"
refused pamt_4k_entry_size 0x9100000100000010 0 "1 to 1024"
refused pamt_4k_entry_size 0x9100000100000010 4096 "1 to 1024"
refused pamt_2m_entry_size 0x9100000100000011 65535 "1 to 1024"
refused pamt_1g_entry_size 0x9100000100000012 0 "1 to 1024"
refused tdr_base_size 0x9800000100000000 8192 "4096 to 4096"
refused tdcs_base_size 0x9800000100000100 100 "4096 to 61440"
refused tdvps_base_size 0x9800000100000200 20481 "in steps of 4096"
refused num_cpuid_config 0x9900000100000004 129 "0 to 128"
refused num_cpuid_config 0x9900000100000004 281474976710655 "0 to 128"
refused cmr_base 0x9000000300000080 0x100800 "steps of 0x1000"
refused cmr_size 0x9000000300000100 0xfffffffffffff000 "below 0x10000000000000"
check "the kernel has nothing to complain about" dmesg_lacks -l warn+ 'WARNING'

# The model itself refuses a bring-up that believes these; it is enough that
# tdx_host went on.
taken max_reserved_per_tdmr 0x9100000100000009 255
taken pamt_1g_entry_size 0x9100000100000012 1024
taken num_cpuid_config 0x9900000100000004 0
sane
