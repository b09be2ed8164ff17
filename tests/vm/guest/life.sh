# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh
#
# life.sh - a whole life of tdx_host: load, bring-up, a TD, a CPU that goes and
# comes back, shutdown, unload; and each SEAMCALL of it failing once, in each
# way that it can. Sourced after bringup.sh and td.sh; tdx_host is not loaded.

# life_checks - what each leaf of a life can return but success: a line
# "LEAF STATUS..." for each, with ":OPERAND" where the status has one. Checks
# that many leaves share have a name of their own, in lower case:
#
#	page:R	that R is a private page of the kind that is wanted
#	td	that the TD is there and can be used
#	gpa	that RCX is a GPA and a level
#	walk	that the Secure EPT has the level
#	id	that RDX is a field
#
# Source: TDX Module ABI 1.5, "Output Operands Information" of each leaf.
life_checks()
{
	cat <<'END'
33 SYS_BUSY RND_NO_ENTROPY OPERAND_INVALID:1 SYS_INIT_NOT_PENDING INCORRECT_MSR_VALUE:0x982 CMR_LIST_INVALID SYS_SHUTDOWN
35 SYS_BUSY RND_NO_ENTROPY SYS_LP_INIT_NOT_PENDING SYS_LP_INIT_DONE INCONSISTENT_MSR:0x3b INCONSISTENT_CPUID_FIELD INVALID_PKG_ID:9 SYS_SHUTDOWN
34 SYS_LP_INIT_NOT_DONE METADATA_FIELD_ID_INCORRECT METADATA_FIELD_NOT_READABLE SYS_SHUTDOWN
45 SYS_BUSY SYS_CONFIG_NOT_PENDING OPERAND_INVALID:1 INVALID_TDMR NON_ORDERED_TDMR INVALID_RESERVED_IN_TDMR NON_ORDERED_RESERVED_IN_TDMR INVALID_PAMT PAMT_OVERLAP PAMT_OUTSIDE_CMRS TDMR_OUTSIDE_CMRS SYS_SHUTDOWN
31 SYS_BUSY KEY_GENERATION_FAILED OPERAND_BUSY:0xbb KEY_CONFIGURED SYS_KEY_CONFIG_NOT_PENDING SYS_SHUTDOWN
36 OPERAND_BUSY:1 OPERAND_INVALID:1 SYS_NOT_READY SYS_SHUTDOWN
9 OPERAND_INVALID:2 page:1 OPERAND_BUSY:0xba HKID_NOT_FREE RND_NO_ENTROPY
8 page:1 TD_FATAL LIFECYCLE_STATE_INCORRECT KEY_CONFIGURED OPERAND_BUSY:0xbb KEY_GENERATION_FAILED
1 page:2 TD_FATAL TD_KEYS_NOT_CONFIGURED TDCX_NUM_INCORRECT page:1 RND_NO_ENTROPY OP_STATE_INCORRECT
21 LIMIT_CPUID_MAXVAL_SET page:1 td OPERAND_INVALID:64 OPERAND_INVALID:69 INCONSISTENT_MSR:0x3b
10 page:2 td page:1
4 page:2 td VCPU_STATE_INCORRECT TDCX_NUM_INCORRECT page:1
22 page:1 td TDCX_NUM_INCORRECT VCPU_STATE_INCORRECT MAX_VCPUS_EXCEEDED INCONSISTENT_MSR:0x3b
3 page:2 td gpa walk EPT_ENTRY_STATE_INCORRECT:1 page:8
2 page:2 td gpa walk EPT_ENTRY_STATE_INCORRECT:1 OPERAND_INVALID:9 page:8
16 page:2 td gpa EPT_ENTRY_NOT_PRESENT:1
17 page:1 td NO_VCPUS
11 page:1 td id METADATA_FIELD_NOT_READABLE
0 LIMIT_CPUID_MAXVAL_SET page:1 td TDCX_NUM_INCORRECT VCPU_STATE_INCORRECT VCPU_ASSOCIATED INCONSISTENT_MSR:0x3b TSC_ROLLBACK OPERAND_BUSY:0xa9
6 page:2 td gpa walk EPT_ENTRY_STATE_INCORRECT:1 page:8
7 page:2 td gpa walk EPT_ENTRY_STATE_INCORRECT:1 GPA_RANGE_ALREADY_BLOCKED:1
38 page:1 td OPERAND_BUSY:0xa9 PREVIOUS_TLB_EPOCH_BUSY
29 page:2 td gpa walk EPT_ENTRY_STATE_INCORRECT:1 GPA_RANGE_NOT_BLOCKED:1 TLB_TRACKING_NOT_DONE:1
18 page:1 TD_KEYS_NOT_CONFIGURED TDCX_NUM_INCORRECT VCPU_NOT_ASSOCIATED
19 page:1 OPERAND_BUSY:0xba LIFECYCLE_STATE_INCORRECT FLUSHVP_NOT_DONE
40 OPERAND_INVALID:1 OPERAND_BUSY:0xbc OPERAND_BUSY:0xba NO_HKID_READY_TO_WBCACHE WBCACHE_RESUME_ERROR INTERRUPTED_RESUMABLE
20 page:1 LIFECYCLE_STATE_INCORRECT OPERAND_BUSY:0xba WBCACHE_NOT_COMPLETE
28 page:1 OPERAND_BUSY:128 LIFECYCLE_STATE_INCORRECT TD_ASSOCIATED_PAGES_EXIST
41 page:1
69 SYS_BUSY INTERRUPTED_RESUMABLE SYS_NOT_READY OPERAND_INVALID:1
END
}

# life_list - the same as lines "LEAF NAME STATUS", with numbers. A name that
# the list of statuses does not have comes out as "?".
life_list()
{
	tdx-host statuses >/tmp/statuses || return
	life_checks | awk '
	FILENAME == "/tmp/statuses" { value[substr($2, 5)] = $1; next }
	function say(name, operand) {
		v = name in value ? value[name] : "?"
		if (operand != "")
			v = substr(v, 1, 10) sprintf("%08x", operand)
		print leaf, name, v
	}
	function number(text,   n, i) {
		if (text !~ /^0x/)
			return text
		n = 0
		for (i = 3; i <= length(text); i++)
			n = n * 16 + index("0123456789abcdef",
					   substr(text, i, 1)) - 1
		return n
	}
	{
		leaf = $1
		for (i = 2; i <= NF; i++) {
			n = split($i, part, ":")
			operand = n > 1 ? number(part[2]) : ""
			if (part[1] == "page") {
				say("OPERAND_INVALID", operand)
				say("OPERAND_ADDR_RANGE_ERROR", operand)
				say("OPERAND_BUSY", operand)
				say("PAGE_METADATA_INCORRECT", operand)
			} else if (part[1] == "td") {
				say("TD_FATAL")
				say("TD_KEYS_NOT_CONFIGURED")
				say("TDCS_NOT_ALLOCATED")
				say("OPERAND_BUSY", 172)
				say("OP_STATE_INCORRECT")
			} else if (part[1] == "gpa") {
				say("OPERAND_INVALID", 1)
			} else if (part[1] == "walk") {
				say("OPERAND_BUSY", 146)
				say("EPT_WALK_FAILED", 1)
				say("OPERAND_BUSY", 1)
			} else if (part[1] == "id") {
				say("METADATA_FIELD_ID_INCORRECT")
			} else {
				say(part[1], operand)
			}
		}
	}' /tmp/statuses - | sort -u | sort -n
}

# take_keyids - those that a TD was lost with: its module cannot give them back
# any more. Sets keyids, how many
take_keyids()
{
	keyids=0
	first "$TDX/keyid/guest_free"
	_free=$line
	first "$TDX/keyid/guest_count"
	[ "$_free" != "$line" ] || return 0
	[ -d /sys/module/tdx_client ] || modprobe tdx_client
	while read -r _keyid _; do
		echo "$_keyid" >/sys/kernel/debug/tdx_client/keyids
		keyids=$((keyids + 1))
	done </sys/kernel/debug/tdx_host/keyids
	rmmod tdx_client
}

# in_words - a failure of tdx_host has a sentence
in_words()
{
	first "$TDX/last_error" && [ ${#line} -gt 40 ]
}

# complain TEXT - something is wrong with this life
complain()
{
	echo "$life: $1"
	bad=$((bad + 1))
}

# retry_fails STEP - that is all right where a reset of the platform is said to be
# the only way
retry_fails()
{
	first "$TDX/last_error"
	case $line in
	*"reset the platform"*)
		said="$said $line" ;;
	*)	complain "$1 does not succeed on a retry: $line" ;;
	esac
}

# new_module - an honest TDX module takes the place of the one that is there,
# which may have stopped halfway
new_module()
{
	emul hostile 1
	emul hostile 0
}

# live - one life, in which each step is tried once more after a failure. Sets
# failed, the steps that failed, and said, what was said of them
live()
{
	failed='' said=''
	modprobe tdx_host || complain "tdx_host does not load"
	if ! echo 1 >"$TDX/enable"; then
		failed="$failed enable"
		in_words || complain "bring-up fails without a word"
		said="$said $line"
		if ! echo 1 >"$TDX/enable"; then
			retry_fails "bring-up"
			rmmod tdx_host || complain "tdx_host cannot be unloaded"
			new_module
			return
		fi
	fi
	echo "<7>life" >/dev/kmsg
	if ! modprobe tdx_consumer; then
		failed="$failed td"
		line=$(dmesg | sed -n '/life$/h; //!H; $!d; x; p' |
			grep -E 'tdx_consumer: |leaves VMX operation')
		said="$said $line"
		case $line in
		*TDX_*|*"exit for reason"*)
			;;
		*)	complain "a TD fails without a word" ;;
		esac
	else
		rmmod tdx_consumer
	fi
	take_keyids
	if [ "$keyids" = 0 ]; then
		clean tds vcpus keyids_in_use private_pages pamt_in_use
	else
		said="$said $keyids KeyIDs lost"
	fi
	cpu 1 off
	if ! cpu 1 on; then
		failed="$failed online"
		cpu 1 on || complain "CPU 1 does not come back"
	fi
	if ! echo 0 >"$TDX/enable"; then
		failed="$failed disable"
		in_words || complain "shutdown fails without a word"
		said="$said $line"
		echo 0 >"$TDX/enable" ||
			complain "shutdown does not succeed on a retry: $(value last_error)"
	fi
	clean tds pamt_pages
	rmmod tdx_host || complain "tdx_host cannot be unloaded"
	emul module fresh || complain "the TDX module cannot be loaded anew"
} 2>/dev/null

# clean COUNTER... - these of the emulator are 0
clean()
{
	while read -r _key _val; do
		case " $* " in
		*" $_key "*)
			[ "$_val" = 0 ] || complain "$_key $_val" ;;
		esac
	done <"$EMUL/stats"
}

# damage - what the emulator has seen so far of harm done to it
damage()
{
	grep -E '^(pamt_corrupt|private_corrupt|vcpus_lost|refused) ' "$EMUL/stats"
}

# life_counts - how often each leaf is called in a life without a failure
life_counts()
{
	_was=$(cat "$EMUL/calls")
	life="without a failure"
	bad=0
	live
	[ -z "$failed" ] || complain "$failed: $said"
	printf '%s\n' "$_was" | awk '
		FILENAME == "-" { was[$1] = $2; next }
		{ print $1, $2 - was[$1] }' - "$EMUL/calls" >/tmp/counts
	[ "$bad" = 0 ]
}

# life_with LEAF NAME STATUS SKIP - a life in which that call fails once
life_with()
{
	life="$(leaf_name "$1") $2 ($3) after $4"
	_before=$(damage)
	emul "inject $1:$3:1:$4"
	live
	_after=$(damage)
	# VMX operation ends with the VCPU that the TDX module does not flush.
	[ "$1" != 18 ] || _after=$_before
	[ "$_before" = "$_after" ] ||
		complain "harm was done: $(printf '%s' "$_after" | tr '\n' ' ')"
	emul "inject $1:0:0"
	lives=$((lives + 1))
	if [ -z "$failed" ]; then
		through=$((through + 1))
		return
	fi
	# What says that it was done before is taken for a success, and what
	# fails is a call that comes after; so it is where a level of the Secure
	# EPT is said to be missing, which the caller adds.
	case $3.$2 in
	0x0*|*.SYS_INIT_NOT_PENDING|*.SYS_LP_INIT_DONE|*.VCPU_NOT_ASSOCIATED|\
	*.EPT_WALK_FAILED)
		return ;;
	esac
	case $said in
	*"$2"*)	;;
	*)	complain "$failed failed, and nobody says $2: $said" ;;
	esac
}

# leaf_name NUMBER
leaf_name()
{
	tdx-host leaves | sed -n "s/^ *$1 .*\(TDH\.[A-Z.]*\).*/\1/p"
}

# lives_of LEAF [first] - a life for each status of a leaf, at its first, middle
# and last call, or at the first alone
lives_of()
{
	bad=0 lives=0 through=0
	_n=$(sed -n "s/^$1 //p" /tmp/counts)
	if [ "${_n:-0}" = 0 ]; then
		echo "a life has no call of leaf $1"
		return 1
	fi
	grep "^$1 " /tmp/list >/tmp/list.leaf
	while read -r _l _name _status; do
		for _skip in $(printf '%s\n' 0 $((_n / 2)) $((_n - 1)) | sort -nu); do
			[ "${2:-}" != first ] || [ "$_skip" = 0 ] || continue
			life_with "$1" "$_name" "$_status" "$_skip"
			[ "$bad" -lt 10 ] || return
		done
	done </tmp/list.leaf
	[ "$bad" = 0 ] && [ "$lives" -gt 0 ]
}

# all_lives [first] - the same for every leaf, each of them a check
all_lives()
{
	check "a list of $(grep -c '' /tmp/list) ways to fail, each of them a status that there is" \
		sh -c '! grep -F "?" /tmp/list'
	cut -d ' ' -f 1 /tmp/list | sort -nu >/tmp/leaves
	while read -r _leaf; do
		check "$(leaf_name "$_leaf") fails: said, nothing left, as ever on a retry" \
			lives_of "$_leaf" "$@"
		note "$lives lives, $through of them got by without a failure"
	done </tmp/leaves
}
