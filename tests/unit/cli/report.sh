# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of test.sh and expect.sh
#
# report.sh - the report about the module, and how the tool is made

# state STATE - a sysfs directory in that state
state()
{
	rm -rf "$tmp/sysfs"
	mkdir -p "$tmp/sysfs/keyid"
	echo "$1" > "$tmp/sysfs/state"
}

reports()
{
	dir=$tmp/sysfs

	state ready
	echo 1.5.01 > "$dir/version"
	echo 744 > "$dir/build_num"
	echo 0xf0fbf > "$dir/features0"
	echo 0-3 > "$dir/cpus_ready"
	echo 8396820 > "$dir/pamt_kb"
	echo 100 > "$dir/progress"
	echo 64 > "$dir/tdmr_count"
	echo 2147483648 > "$dir/tdx_memory_kb"
	echo 512 > "$dir/unusable_memory_kb"
	echo 31 > "$dir/keyid/mktme_count"
	echo 32 > "$dir/keyid/global"
	echo 33 > "$dir/keyid/guest_start"
	echo 31 > "$dir/keyid/guest_count"
	echo 30 > "$dir/keyid/guest_free"
	run status --sysfs "$dir"
	exits 0
	quiet
	says 'state            ready'
	says 'TDX module       1.5.01, build 744'
	says 'CPUs ready       0-3'
	says 'shared KeyIDs    31'
	says 'global KeyID     32'
	says 'guest KeyIDs     31 from 33, 30 free'
	says 'PAMT             8.0 GiB'
	says 'TDX memory       2.0 TiB in 64 TDMRs'
	says 'other memory     512 KiB, not usable for TDX'
	case $out in
	*progress*)
		why 'shows progress when there is none'
	esac
	verdict 'status: ready, everything there'

	state detected
	for file in progress pamt_kb tdmr_count tdx_memory_kb \
		    unusable_memory_kb; do
		echo 0 > "$dir/$file"
	done
	run status --sysfs "$dir/"
	exits 0
	quiet
	says "  echo 1 > $dir/enable"
	case $out in
	*'TDX module'*|*PAMT*|*TDMR*|*progress*|*'last error'*)
		why "says what it cannot know: $out"
	esac
	verdict 'status: detected, no values yet, says how to go on'

	echo > "$dir/cpus_ready"
	run status --sysfs "$dir"
	says "  echo 1 > $dir/enable"
	echo 0-3 > "$dir/cpus_ready"
	run status --sysfs "$dir"
	exits 0
	says 'CPUs ready       0-3'
	case $out in
	*'on the CPUs above'*)
		;;
	*)
		why "does not say that the CPUs are done: $out"
	esac
	verdict 'status: detected, with the CPUs initialised'

	state initializing
	echo 37 > "$dir/progress"
	run status --sysfs "$dir"
	exits 0
	says 'progress         37 %'
	verdict 'status: initializing, with progress'

	state failed
	echo 'TDH.SYS.LP.INIT on CPU 3: TDX_RND_NO_ENTROPY' > "$dir/last_error"
	run status --sysfs "$dir"
	exits 1
	says 'last error       TDH.SYS.LP.INIT on CPU 3: TDX_RND_NO_ENTROPY'
	says "  echo 1 > $dir/enable"
	verdict 'status: failed, with the error and the way on'

	state unsupported
	run status --sysfs "$dir"
	exits 1
	case $out in
	*'SEAM Loader'*)
		;;
	*)
		why "$out"
	esac
	verdict 'status: unsupported, names the BIOS settings'

	state disabled
	run status --sysfs "$dir"
	exits 1
	case $out in
	*use_tdx=on*)
		;;
	*)
		why "$out"
	esac
	verdict 'status: disabled, names the parameter'

	state melted
	run status --sysfs "$dir"
	exits 1
	case $out in
	*"'melted'"*)
		;;
	*)
		why "$out"
	esac
	verdict 'status: a state from a newer module is not an accident'

	if [ ! -e /sys/devices/platform/tdx_host ]; then
		run status
		exits 1
		quiet
		case $out in
		*'not loaded'*)
			;;
		*)
			why "$out"
		esac
		verdict 'status: the module is not loaded'
	fi
}

generator()
{
	gen=$top/tools/generate
	for args in '' '1.0' '1.0 /nonexistent /nonexistent' \
		    "a/b $top/tools $top/include/tdx"; do
		# shellcheck disable=SC2086 # words on purpose
		PATH="$tmp/$awk:$PATH" "$gen" $args > "$tmp/out" 2> "$tmp/err"
		code=$?
		out=$(cat "$tmp/out")
		exits 2
		if [ -n "$out" ] || [ ! -s "$tmp/err" ]; then
			why "generate $args: $out"
		fi
	done
	verdict 'generator: refuses bad arguments'

	mkdir -p "$tmp/broken"
	cp "$top"/include/tdx/*.def "$tmp/broken"
	sed 's/^TDX_LEAF(SYS_RD, 34, /TDX_LEAF(SYS_RD, /' \
		"$top/include/tdx/leaves.def" > "$tmp/broken/leaves.def"
	if PATH="$tmp/$awk:$PATH" "$gen" 1.0 "$top/tools" \
			"$tmp/broken" > "$tmp/out" 2> "$tmp/err"; then
		why 'took an entry with three arguments'
	fi
	if ! grep -q 'leaves\.def:[0-9]*: .*SYS_RD' "$tmp/err"; then
		why "did not name it: $(cat "$tmp/err")"
	fi
	verdict 'generator: names the entry that it cannot read'

	rm -rf "$tmp/source"
	cp -r "$top/tools" "$tmp/source"
	sed '/^@TABLES@$/d' "$top/tools/main.sh" \
		> "$tmp/source/main.sh"
	if PATH="$tmp/$awk:$PATH" "$gen" 1.0 "$tmp/source" \
			"$top/include/tdx" > "$tmp/out" 2> "$tmp/err"; then
		why 'took a text without @TABLES@'
	fi
	verdict 'generator: refuses a text without a place for the tables'

	cp "$top/tools/main.sh" "$tmp/source"
	echo "# that's it" >> "$tmp/source/decode.awk"
	if PATH="$tmp/$awk:$PATH" "$gen" 1.0 "$tmp/source" \
			"$top/include/tdx" > "$tmp/out" 2> "$tmp/err"; then
		why 'took an apostrophe'
	fi
	verdict 'generator: refuses an apostrophe inside the awk program'

	PATH="$tmp/$awk:$PATH" "$gen" 9.8.7 "$top/tools" \
		"$top/include/tdx" > "$tmp/generated" 2> "$tmp/err" ||
		why "$(cat "$tmp/err")"
	sed "s/^version='.*'/version='9.8.7'/" "$tool" |
		diff - "$tmp/generated" >> "$tmp/why"
	verdict 'generator: makes the tool under test'

	run --version
	exits 0
	version=${out#tdx-host }
	for place in "CHANGELOG.md:## [$version]" \
		     "dkms.conf:PACKAGE_VERSION=\"$version\""; do
		if ! grep -qF "${place#*:}" "$top/${place%%:*}"; then
			why "${place%%:*} does not say ${place#*:}"
		fi
	done
	verdict 'tool, dkms.conf and changelog have one version'

	run --help
	exits 0
	quiet
	for word in decode status leaves statuses --version --sysfs; do
		case $out in
		*"$word"*)
			;;
		*)
			why "--help does not mention $word"
		esac
	done
	verdict 'help names every command'
}
