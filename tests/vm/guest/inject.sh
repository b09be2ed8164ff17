# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh
#
# inject.sh - how each SEAMCALL of bring-up can fail, and what must follow.
# Sourced after bringup.sh.

# table - leaf, status, its name, the error of the write to enable, and words of
# the remedy ("-": there is none, since the fault would be tdx_host's own). "+"
# marks those that a short run checks.
# Source: TDX Module ABI 1.5, "Output Operands Information" of each leaf.
table()
{
	cat <<'END'
 33 0x8000020200000000 TDX_SYS_BUSY EAGAIN retry
+33 0x8000020300000000 TDX_RND_NO_ENTROPY EAGAIN retry in a moment
 33 0xc000010000000001 TDX_OPERAND_INVALID (RCX) EINVAL -
+33 0xc00009210000010a TDX_INCORRECT_MSR_VALUE (MSR 0x10a) EIO BIOS
 33 0xc000092100000982 TDX_INCORRECT_MSR_VALUE (MSR 0x982) EIO enable TDX and TME-MT/MKTME
 33 0xc000090100000000 TDX_LIMIT_CPUID_MAXVAL_SET EIO turn off 'limit CPUID maximum'
 33 0xc00009080000001f TDX_CPUID_LEAF_NOT_SUPPORTED (CPUID leaf 0x1f) EIO turn off 'limit CPUID maximum'
 33 0xc000090000000000 TDX_INCORRECT_CPUID_VALUE EIO update BIOS and microcode
 33 0xc000090400000000 TDX_CPUID_LEAF_1F_FORMAT_UNRECOGNIZED EIO update BIOS
 33 0xc000090500000000 TDX_INVALID_WBINVD_SCOPE EIO turn off cache or die partitioning
 33 0xc000082500000800 TDX_NUM_ACTIVATED_HKIDS_NOT_SUPPORTED (limit 2048) EIO lower the number of KeyIDs
+33 0xc0000a2200000000 TDX_CMR_LIST_INVALID EIO update the BIOS
 33 0xc000091400000000 TDX_SMRR_NOT_SUPPORTED EIO update BIOS
 33 0xc000091300000000 TDX_SMRR_LOCK_NOT_SUPPORTED EIO update BIOS
 33 0xc000091000000001 TDX_SMRR_NOT_LOCKED (SMRR 1) EIO update the BIOS
 33 0xc000091100000000 TDX_INVALID_SMRR_CONFIGURATION (SMRR 0) EIO update the BIOS
 33 0xc000091200000300 TDX_SMRR_OVERLAPS_CMR (SMRR 0, CMR 3) EIO update the BIOS
 33 0xc000050d00000000 TDX_INCOMPATIBLE_SEAM_CAPABILITIES EIO update BIOS and microcode
 33 0xc000050a00000000 TDX_SYS_INCOMPATIBLE_SIGSTRUCT EIO reset the platform
+33 0xc000050600000000 TDX_SYS_SHUTDOWN EIO reset the platform
+35 0x8000020200000000 TDX_SYS_BUSY EAGAIN retry
 35 0x8000020300000000 TDX_RND_NO_ENTROPY EAGAIN retry in a moment
+35 0xc000050b00000000 TDX_SYS_LP_INIT_NOT_PENDING EIO reset the platform
 35 0xc000050d00000000 TDX_INCOMPATIBLE_SEAM_CAPABILITIES EIO update BIOS and microcode
+35 0xc0000920000000bc TDX_INCONSISTENT_MSR (MSR 0xbc) EIO power the platform off and on
 35 0xc00009200000003b TDX_INCONSISTENT_MSR (MSR 0x3b) EIO power the platform off and on
 35 0xc000090100000000 TDX_LIMIT_CPUID_MAXVAL_SET EIO turn off 'limit CPUID maximum'
 35 0xc000090200000000 TDX_INCONSISTENT_CPUID_FIELD EIO same CPU model
 35 0xc000090600000009 TDX_INVALID_PKG_ID (package 9) EIO no more than 8 packages
 35 0xc000050600000000 TDX_SYS_SHUTDOWN EIO reset the platform
+34 0xc000050200000000 TDX_SYS_LP_INIT_NOT_DONE EIO bring the CPU online
 34 0xc0000c0000000000 TDX_METADATA_FIELD_ID_INCORRECT EIO update the TDX module
+34 0xc0000c0200000000 TDX_METADATA_FIELD_NOT_READABLE EIO -
 34 0xc000050600000000 TDX_SYS_SHUTDOWN EIO reset the platform
 45 0x8000020200000000 TDX_SYS_BUSY EAGAIN retry
+45 0xc000050c00000000 TDX_SYS_CONFIG_NOT_PENDING EIO reset the platform
 45 0xc000010000000001 TDX_OPERAND_INVALID (RCX) EINVAL -
 45 0xc000010000000002 TDX_OPERAND_INVALID (RDX) EINVAL -
+45 0xc000010000000008 TDX_OPERAND_INVALID (R8) EINVAL -
 45 0xc0000a0000000001 TDX_INVALID_TDMR (TDMR 1) EIO -
 45 0xc0000a0100000001 TDX_NON_ORDERED_TDMR (TDMR 1) EIO -
 45 0xc0000a2000000200 TDX_INVALID_RESERVED_IN_TDMR (TDMR 0, reserved area 2) EIO -
 45 0xc0000a2100000200 TDX_NON_ORDERED_RESERVED_IN_TDMR (TDMR 0, reserved area 2) EIO -
 45 0xc0000a1000000100 TDX_INVALID_PAMT (TDMR 0, PAMT level 1) EIO -
+45 0xc0000a1200010203 TDX_PAMT_OVERLAP (PAMT level 2 of TDMR 3, with TDMR 1) EIO -
 45 0xc0000a1100000200 TDX_PAMT_OUTSIDE_CMRS (TDMR 0, PAMT level 2) EIO -
 45 0xc0000a0200000000 TDX_TDMR_OUTSIDE_CMRS (TDMR 0) EIO -
 45 0xc000050600000000 TDX_SYS_SHUTDOWN EIO reset the platform
 31 0x8000020200000000 TDX_SYS_BUSY EAGAIN retry
+31 0x8000080000000000 TDX_KEY_GENERATION_FAILED EAGAIN retry in a moment
 31 0x80000200000000bb TDX_OPERAND_BUSY EAGAIN retry
+31 0xc000050700000000 TDX_SYS_KEY_CONFIG_NOT_PENDING EIO reset the platform
 31 0xc000050600000000 TDX_SYS_SHUTDOWN EIO reset the platform
+36 0x8000020000000001 TDX_OPERAND_BUSY (RCX) EAGAIN retry
+36 0xc000010000000001 TDX_OPERAND_INVALID (RCX) EINVAL -
 36 0xc000050500000000 TDX_SYS_NOT_READY EIO -
 36 0xc000050600000000 TDX_SYS_SHUTDOWN EIO reset the platform
END
}

leaf_name()
{
	case $1 in
	31)	echo TDH.SYS.KEY.CONFIG ;;
	33)	echo TDH.SYS.INIT ;;
	34)	echo TDH.SYS.RD ;;
	35)	echo TDH.SYS.LP.INIT ;;
	36)	echo TDH.SYS.TDMR.INIT ;;
	45)	echo TDH.SYS.CONFIG ;;
	esac
}

# words ERRNO - the C library's message for it
words()
{
	case $1 in
	EAGAIN)	echo "Resource temporarily unavailable" ;;
	EINVAL)	echo "Invalid argument" ;;
	EIO)	echo "Input/output error" ;;
	esac
}

# complain ROW PROBLEM - print a problem with a row and count it
complain()
{
	echo "$1: $2"
	bad=$((bad + 1))
}

# row LEAF STATUS "NAME ERRNO WORDS" - check one failure, and bring-up after it
row()
{
	_leaf=$1 _status=$2 _rest=${3%% E[AIN]*}
	_name=$_rest
	_rest=${3#"$_name "}
	_errno=${_rest%% *}
	_cure=${_rest#"$_errno "}
	_what="$(leaf_name "$_leaf") $_name"

	emul "inject $_leaf:$_status:1000000"
	_got=$(ask 1)
	[ "$_got" = "$(words "$_errno")" ] ||
		complain "$_what" "the write ends with '$_got', not $_errno"
	[ "$(value state)" = failed ] ||
		complain "$_what" "state $(value state)"
	[ "$_cure" != - ] || _cure=status
	error_says "$(leaf_name "$_leaf")" "$_name" "$_cure" "$_status" \
		>/tmp/says || complain "$_what" "$(cat /tmp/says)"
	case $_leaf in
	33|34|35|45)
		[ "$(value pamt_kb) $(users)" = "0 0" ] ||
			complain "$_what" "$(value pamt_kb) KiB of PAMT are kept, $(users) users" ;;
	*)	if [ "$(value pamt_kb)" = 0 ] || [ "$(users)" = 0 ]; then
			complain "$_what" "gave memory back that the TDX module owns"
		fi ;;
	esac
	_configs=$(calls 45)
	emul "inject $_leaf:0:0"
	gets_ready >/tmp/says || complain "$_what" "and then: $(cat /tmp/says)"
	case $_leaf in
	31|36)	[ "$(calls 45)" = "$_configs" ] ||
			complain "$_what" "configured again on a retry" ;;
	esac
	fresh_module >/tmp/says || complain "$_what" "$(cat /tmp/says)"
	# Once loaded, tdx_host reads the metadata only once.
	if [ "$_leaf" = 34 ] && ! { rmmod tdx_host && modprobe tdx_host; }; then
		complain "$_what" "tdx_host cannot be loaded again"
	fi
}

# rows LEAF [REGEX] - check all rows of a leaf, or those that match
rows()
{
	bad=0 done_rows=0
	table | grep -E "${2:-}" >/tmp/table
	while read -r _l _st _more; do
		[ "${_l#+}" = "$1" ] || continue
		row "${_l#+}" "$_st" "$_more"
		done_rows=$((done_rows + 1))
	done </tmp/table
	[ "$bad" = 0 ] && [ "$done_rows" -gt 0 ]
}

# all_rows [REGEX] - the same for every leaf, each of them a check
all_rows()
{
	for _of in 34 33 35 45 31 36; do
		check "each failure of $(leaf_name $_of) is explained and does not outlive its cause" \
			rows $_of "${1:-}"
		note "$done_rows statuses of $(leaf_name $_of)"
	done
}

# survives LEAF STATUS - bring-up succeeds in spite of a few transient failures
survives()
{
	emul "inject $1:$2:5"
	gets_ready && fresh_module
}

# transients [REGEX] - bring-up survives each transient failure of the table
transients()
{
	table | grep -E "${1:-}" >/tmp/table
	done_rows=0
	while read -r _l _st _more; do
		case $_more in
		*' EAGAIN '*)
			survives "${_l#+}" "$_st" || return 1
			done_rows=$((done_rows + 1)) ;;
		esac
	done </tmp/table
	[ "$done_rows" -gt 0 ]
}
