# SPDX-License-Identifier: GPL-2.0-only
#
# decode.awk - a completion status in words
#
# Environment: STATUS, LEAF (may be empty), REGISTERS ("rcx=1 rdx=0x2").
# Input: the tables of the tool. Exits 1 for an unknown status, 2 for bad
# input. Becomes a single-quoted string of the tool: an apostrophe is \047.

function bad(text)
{
	printf "tdx-host: %s\n", text > "/dev/stderr"
	code = 2
	exit 2
}

# A number of up to 53 bits from hex digits.
function number(digits,    i, value)
{
	value = 0
	for (i = 1; i <= length(digits); i++)
		value = value * 16 + \
			index("0123456789abcdef", substr(digits, i, 1)) - 1
	return value
}

function plain(value) { return sprintf("%.0f", value) }

# Hex without leading zeros, for people.
function short(digits)
{
	sub(/^0+/, "", digits)
	return "0x" (digits == "" ? "0" : digits)
}

# Decimal digits to 16 hex digits by long division; "" if too large.
function from_decimal(digits,    hex, rest, quotient, i, part)
{
	hex = ""
	while (digits != "") {
		quotient = ""
		rest = 0
		for (i = 1; i <= length(digits); i++) {
			part = rest * 10 + substr(digits, i, 1)
			rest = part % 16
			part = int(part / 16)
			if (quotient != "" || part > 0)
				quotient = quotient part
		}
		hex = substr("0123456789abcdef", rest + 1, 1) hex
		digits = quotient
		if (length(hex) > 16)
			return ""
	}
	while (length(hex) < 16)
		hex = "0" hex
	return hex
}

# The two-s complement of 16 hex digits.
function negated(digits,    i, value, carry, hex)
{
	hex = ""
	carry = 1
	for (i = 16; i >= 1; i--) {
		value = 16 - index("0123456789abcdef", \
				   substr(digits, i, 1)) + carry
		carry = value > 15
		hex = substr("0123456789abcdef", value % 16 + 1, 1) hex
	}
	return hex
}

# 16 hex digits, or "" and the reason in @why. Tracing tools print
# 64-bit values as signed decimals, so these are taken too.
function parse(text,    t, minus)
{
	t = tolower(text)
	why = "is not a number; give hex like 0x8000020200000000, or decimal"
	if (t ~ /^0x[0-9a-f]+$/ || t ~ /^[0-9a-f]*[a-f][0-9a-f]*$/ || \
	    (length(t) == 16 && t ~ /^[0-9]+$/)) {
		sub(/^0x/, "", t)
		sub(/^0+/, "", t)
		if (length(t) > 16) {
			why = "has more than 64 bits; give at most 16 hex digits"
			return ""
		}
		while (length(t) < 16)
			t = "0" t
		return t
	}
	minus = sub(/^-/, "", t)
	if (t !~ /^[0-9]+$/)
		return ""
	sub(/^0+/, "", t)
	t = from_decimal(t)
	why = "has more than 64 bits; give at most 16 hex digits"
	if (t == "" || !minus || t == "0000000000000000")
		return t
	if (t ~ /^[89a-f]/ && t != "8000000000000000")
		return ""
	return negated(t)
}

function say(label, text) { printf "%-9s %s\n", label, text }

function level_name(level)
{
	if (level in levels)
		return "level " plain(level) " (" levels[level] ")"
	return "level " plain(level)
}

function pamt_level_name(level)
{
	return level in pamt_levels ? pamt_levels[level] " PAMT" : \
				      "PAMT level " plain(level)
}

function exit_reason(basic)
{
	return "VMX exit reason " plain(basic) \
	       (basic in exits ? ", " exits[basic] : ", not in the list")
}

function operand(id)
{
	return id in operands ? "operand " operands[id] " (id " plain(id) ")" : \
				"operand id " plain(id) ", which is not in the list"
}

# What bits 31:0 say. kind: one of TDX_DETAILS_* without the prefix.
function details(kind, low,    value, info0, info1, info2)
{
	value = number(low)
	info0 = plain(number(substr(low, 7, 2)))
	info1 = number(substr(low, 5, 2))
	info2 = plain(number(substr(low, 3, 2)))
	if (kind == "OPERAND")
		return operand(value)
	if (kind == "MSR")
		return "MSR " short(low) (low in msrs ? " " msrs[low] : "")
	if (kind == "PACKAGE")
		return "package " plain(value)
	if (kind == "CPUID_LEAF")
		return "CPUID leaf " short(low)
	if (kind == "LEVEL")
		return level_name(value)
	if (kind == "SMRR")
		return "SMRR " plain(value)
	if (kind == "SMRR_CMR")
		return "SMRR " info0 ", CMR " plain(info1)
	if (kind == "TDMR")
		return "TDMR " info0
	if (kind == "TDMR_LEVEL")
		return "TDMR " info0 ", its " pamt_level_name(info1)
	if (kind == "PAMT_OVERLAP")
		return pamt_level_name(info1) " of TDMR " info0 \
		       ", against TDMR " info2
	if (kind == "TDMR_AREA")
		return "TDMR " info0 ", reserved area " plain(info1)
	if (kind == "VM_LEVEL")
		return "L2 VM " plain(number(substr(low, 1, 4))) ", " \
		       level_name(number(substr(low, 5, 4)))
	if (kind == "LIMIT")
		return "the limit is " plain(value)
	if (kind == "CPUID_REGS" && value == 0)
		return ("rcx" in reg) ? "" : \
		       "in RCX, RDX, R8, R9, R10 of the call: " \
		       "give them as rcx=VALUE ..."
	if (value == 0)
		return ""
	return short(low) ", which this status does not define"
}

# INCORRECT_CPUID_VALUE and INCONSISTENT_CPUID_FIELD: RCX = leaf |
# subleaf << 32, RDX, R8 = masks EAX | EBX << 32, ECX | EDX << 32, R9,
# R10 = expected values likewise.
function cpuid_half(label, mask, want)
{
	if (number(mask) != 0)
		say("", label " & " short(mask) \
		    (want == "" ? "" : " must be " short(want)))
}

function cpuid_registers()
{
	if (!("rcx" in reg))
		return
	say("cpuid", "leaf " short(substr(reg["rcx"], 9)) \
	    (substr(reg["rcx"], 1, 8) == "ffffffff" ? "" : \
	     ", subleaf " short(substr(reg["rcx"], 1, 8))))
	if ("rdx" in reg) {
		cpuid_half("EAX", substr(reg["rdx"], 9), \
			   ("r9" in reg) ? substr(reg["r9"], 9) : "")
		cpuid_half("EBX", substr(reg["rdx"], 1, 8), \
			   ("r9" in reg) ? substr(reg["r9"], 1, 8) : "")
	}
	if ("r8" in reg) {
		cpuid_half("ECX", substr(reg["r8"], 9), \
			   ("r10" in reg) ? substr(reg["r10"], 9) : "")
		cpuid_half("EDX", substr(reg["r8"], 1, 8), \
			   ("r10" in reg) ? substr(reg["r10"], 1, 8) : "")
	}
}

function seamldr()
{
	say("status", "0x" status)
	if (!(status in loader)) {
		say("unknown", "the P-SEAMLDR has no such status")
		code = 1
	} else {
		say("meaning", loader[status])
	}
}

# leaf from the text that the person gave: "L" or "G" and the number, as the
# two instructions count their leaves from 0 each.
function find_leaf(text,    side, key, value, leaf_version)
{
	key = toupper(text)
	gsub(/\./, "_", key)
	side = sub(/^(TDX_)?TDG_/, "", key) ? "G" : "L"
	sub(/^TDH_/, "", key)
	if ((side key) in leaf_by_name) {
		leaf = leaf_by_name[side key]
	} else if (side == "L" && key == "SEAMLDR_INFO" || key == "SEAMLDR_INSTALL") {
		say("leaf", "SEAMLDR." substr(key, 9) " of the P-SEAMLDR")
		loader_call = 1
		return
	} else {
		value = parse(side == "G" ? key : text)
		if (value == "")
			bad("\047" text "\047 is no leaf; give a number or a name of " \
			    "\047tdx-host leaves\047")
		# RAX on input: 15:0 leaf, 23:16 version, 63 P-SEAMLDR.
		if (side == "L" && value ~ /^80000000000000/) {
			say("leaf", short(value) " of the P-SEAMLDR" \
			    (value ~ /00$/ ? ", SEAMLDR.INFO" : \
			     value ~ /01$/ ? ", SEAMLDR.INSTALL" : ""))
			loader_call = 1
			return
		}
		if (value !~ /^0000000000/)
			bad("\047" text "\047 is no leaf, it has bits above 23; " \
			    "give the leaf first, then the status")
		leaf = side plain(number(substr(value, 13)))
		leaf_version = number(substr(value, 11, 2))
	}
	if (leaf in leaf_name)
		say("leaf", leaf_name[leaf] " (" substr(leaf, 2) ", " \
		    sprintf("0x%x", substr(leaf, 2)) ")" \
		    (leaf_version ? ", version " plain(leaf_version) : ""))
	else
		say("leaf", substr(leaf, 2) " of " \
		    (side == "G" ? "TDCALL" : "SEAMCALL") \
		    ", which this list does not know")
}

# The rule of a leaf in words; the bits are TDX_RETRY_* of leaf.h.
function retried(rule)
{
	gsub(/TDX_RETRY_/, "", rule)
	rule = "|" rule "|"
	return (name == "SYS_BUSY" && rule ~ /\|SYS_BUSY\|/) || \
	       (name == "RND_NO_ENTROPY" && rule ~ /\|NO_ENTROPY\|/) || \
	       (name == "KEY_GENERATION_FAILED" && rule ~ /\|KEY_GENERATION\|/) || \
	       (name == "OPERAND_BUSY" && rule ~ /\|OPERAND_BUSY\|/) || \
	       (name == "INTERRUPTED_RESUMABLE" && rule ~ /\|RESUMABLE\|/) || \
	       (name == "INTERRUPTED_RESTARTABLE" && rule ~ /\|RESTARTABLE\|/)
}

BEGIN {
	split("4 KiB,2 MiB,1 GiB,512 GiB,256 TiB", names, ",")
	for (i = 0; i < 5; i++)
		levels[i] = names[i + 1]
	split("4K,2M,1G", names, ",")
	for (i = 0; i < 3; i++)
		pamt_levels[i] = names[i + 1]
}

$1 == "C" { class_text[$2] = $3 }
$1 == "S" {
	# The software class is told apart by bits 31:0 as well.
	key = substr($3, 5, 2) ~ /^ff$/ ? $3 : substr($3, 1, 8)
	status_name[key] = $2
	kind[key] = $4
	meaning[key] = $5
	remedy[key] = $6
}
$1 == "L" || $1 == "G" {
	leaf_by_name[$1 $2] = $1 $3
	leaf_name[$1 $3] = $4
	leaf_retry[$1 $3] = $1 == "L" ? $5 : "0"
}
$1 == "O" { operands[$3] = $4 }
$1 == "M" { msrs[$2] = $3; advice[$2] = $4 }
$1 == "P" { loader[$2] = $3 }
$1 == "X" { exits[$2] = $3 }

END {
	status = parse(ENVIRON["STATUS"])
	if (status == "")
		bad("the status \047" ENVIRON["STATUS"] "\047 " why)
	count = split(ENVIRON["REGISTERS"], pairs, " ")
	for (i = 1; i <= count; i++) {
		split(pairs[i], side, "=")
		value = parse(side[2])
		if (value == "")
			bad("the value of " side[1] ", \047" side[2] "\047, " why)
		reg[tolower(side[1])] = value
	}

	if (ENVIRON["LEAF"] != "")
		find_leaf(ENVIRON["LEAF"])
	if (loader_call) {
		seamldr()
		exit code
	}

	class = substr(status, 5, 2)
	key = class == "ff" ? status : substr(status, 1, 8)
	low = substr(status, 9)
	known = key in status_name
	name = known ? status_name[key] : ""

	say("status", known ? "TDX_" name " (0x" status ")" : "0x" status)
	say("class", "0x" class (class in class_text ? ", " class_text[class] : \
				 ", not in the list"))
	flags = number(substr(status, 1, 1))
	error = flags >= 8
	stuck = int(flags / 4) % 2
	say("error", error ? "yes (bit 63): the operation was not done" : \
		     number(substr(status, 1, 8)) == 0 ? "no" : "no, a note")
	if ((error || stuck) && class != "ff")
		say("retry", stuck ? \
		    "no (bit 62): the same call cannot succeed" : \
		    "the same call may succeed (bit 62 is clear)")
	if (int(flags / 2) % 2)
		say("fatal", "yes (bit 61): what it worked on is lost for good")
	if (flags % 2)
		say("hint", "bit 60: the host is expected to act before it resumes")

	# VP.ENTER of both sides: an exit carries the VMX exit reason.
	ended = known && (name == "SUCCESS" || name ~ /^NON_RECOVERABLE_/ || \
			  name ~ /^TD_EXIT_/ || name ~ /^L2_EXIT_/ || \
			  name == "PENDING_INTERRUPT")
	if (ended && (leaf == leaf_by_name["LVP_ENTER"] || \
		      leaf == leaf_by_name["GVP_ENTER"]))
		text = exit_reason(number(substr(low, 5)))
	else if (ended && leaf == "" && number(low) != 0)
		text = short(low) "; if the leaf is VP.ENTER: " \
		       exit_reason(number(substr(low, 5)))
	else if (!known)
		text = number(low) ? short(low) : ""
	else if (class == "ff")
		text = ""
	else
		text = details(kind[key], low)
	if (text != "")
		say("details", text)
	if (!known) {
		say("unknown", "no such status in the TDX module 1.5; " \
		    "check the digits, or ask a newer tdx-host")
		exit 1
	}
	if (kind[key] == "CPUID_REGS")
		cpuid_registers()
	say("meaning", meaning[key])
	if (kind[key] == "MSR" && low in advice)
		say("remedy", advice[low])
	else if (remedy[key] != "")
		say("remedy", remedy[key])
	else if (error)
		say("remedy", "none at the machine: the code that made the call " \
		      (stuck ? "is at fault" : "has to deal with it"))
	if (leaf in leaf_retry && retried(leaf_retry[leaf]))
		say("", "tdx_host makes this call again by itself before it gives up")
}
