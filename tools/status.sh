# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # $sysfs, $version: main.sh
#
# status.sh - report what sysfs says, and what to do next

# value FILE - what a file of sysfs says; nothing where it has no value yet
# (reading it fails with ENODATA) or where this version has no such file
value()
{
	cat "$sysfs/$1" 2>/dev/null || :
}

# line LABEL TEXT [UNIT] - one line of the report, if there is something to say
line()
{
	if [ -n "$2" ]; then
		printf '%-16s %s%s\n' "$1" "$2" "${3:-}"
	fi
}

# size KIB - a size for people
size()
{
	if [ -n "$1" ]; then
		KIB=$1 awk 'BEGIN {
			kib = ENVIRON["KIB"] + 0
			if (kib >= 1073741824)
				printf "%.1f TiB\n", kib / 1073741824
			else if (kib >= 1048576)
				printf "%.1f GiB\n", kib / 1048576
			else if (kib >= 1024)
				printf "%.1f MiB\n", kib / 1024
			else
				printf "%d KiB\n", kib
		}'
	fi
}

# to_do TEXT - the advice under the report
to_do()
{
	printf '\n%s\n' "$1"
}

not_loaded()
{
	echo 'The tdx_host module is not loaded.'
	if grep -qw tdx_host_platform /proc/cpuinfo 2>/dev/null; then
		to_do 'This kernel has TDX host support of its own (the CPU flag
tdx_host_platform) and owns the TDX module: use that, tdx_host will not load.'
	elif modinfo tdx_host >/dev/null 2>&1; then
		to_do 'Load it: modprobe tdx_host
If that fails, dmesg says why.'
	else
		to_do 'It is not installed for this kernel either. Install it with DKMS (the
kernel headers have to be there), then: modprobe tdx_host'
	fi
}

status()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--sysfs)
			if [ $# -lt 2 ] || [ -z "$2" ]; then
				bad '--sysfs needs a directory;' \
				    "the module's own is $sysfs"
			fi
			sysfs=${2%/}
			if [ ! -r "$sysfs/state" ]; then
				bad "'$2' has no readable file 'state';" \
				    'give the tdx_host directory of a sysfs tree'
			fi
			shift 2
			;;
		*)
			bad "'$1' is not known to 'status';" \
			    'it takes only --sysfs DIR'
		esac
	done

	if [ ! -r "$sysfs/state" ]; then
		not_loaded
		return 1
	fi

	state=$(value state)
	line 'state' "$state"
	if [ "$state" = initializing ]; then
		line 'progress' "$(value progress)" ' %'
	fi
	line 'TDX module' "$(value version)" \
	     "$(value build_num | sed 's/^/, build /')"
	line 'features0' "$(value features0)"
	line 'CPUs ready' "$(value cpus_ready)"
	line 'shared KeyIDs' "$(value keyid/mktme_count)"
	line 'global KeyID' "$(value keyid/global)"
	guests=$(value keyid/guest_count)
	line 'guest KeyIDs' "$guests" \
	     "$(value keyid/guest_start | sed 's/^/ from /')$(
		value keyid/guest_free | sed 's/.*/, & free/')"
	tdmrs=$(value tdmr_count)
	if [ "${tdmrs:-0}" != 0 ]; then
		line 'TDX memory' "$(size "$(value tdx_memory_kb)")" \
		     " in $tdmrs TDMRs"
		line 'PAMT' "$(size "$(value pamt_kb)")"
		line 'other memory' "$(size "$(value unusable_memory_kb)")" \
		     ', not usable for TDX'
	fi
	line 'last error' "$(value last_error)"

	case $state in
	ready)
		return 0
		;;
	detected)
		if [ -n "$(value cpus_ready)" ]; then
			to_do "The TDX module is initialised on the CPUs above, and has no memory yet:
  echo 1 > $sysfs/enable"
			return 0
		fi
		to_do "TDX is there, and it is not initialised. Initialise it now:
  echo 1 > $sysfs/enable
or at every load: echo options tdx_host init=load > /etc/modprobe.d/tdx_host.conf"
		return 0
		;;
	initializing)
		to_do 'Initialisation is under way; ask again in a moment.'
		return 0
		;;
	disabled)
		to_do 'The module was loaded with use_tdx=off. Load it again without:
  rmmod tdx_host && modprobe tdx_host use_tdx=on'
		return 1
		;;
	unsupported)
		to_do "This machine offers no TDX now; 'last error' says what is missing. In the
BIOS, enable TDX, TME-MT/MKTME and the SEAM Loader, give TDX at least two
private KeyIDs (TDX key split), and clear 'x2APIC opt-out'."
		return 1
		;;
	failed)
		to_do "Cure what 'last error' names, then try again; the work resumes at the step
that failed:
  echo 1 > $sysfs/enable
For a status that you have only as a number: tdx-host decode LEAF STATUS"
		return 1
		;;
	*)
		to_do "The state '$state' is not known to tdx-host $version; use the tdx-host
that came with the module."
		return 1
	esac
}
