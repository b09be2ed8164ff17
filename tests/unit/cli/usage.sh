# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of test.sh and expect.sh
#
# usage.sh - what is refused, help, versions, options

test_usage()
{
	refuses "''" decode ''
	refuses "empty" decode
	refuses "''" decode '' 0
	refuses '0x1g' decode 0x1g
	refuses "'0x'" decode 0x
	refuses --5 decode --5
	refuses 18446744073709551616 decode 18446744073709551616
	refuses -9223372036854775809 decode -9223372036854775809
	refuses 0x10000000000000000 decode 0x10000000000000000
	refuses TDH.NO.SUCH decode TDH.NO.SUCH 0
	refuses TDG.NO.SUCH decode TDG.NO.SUCH 0
	refuses TDG.SYS.INIT decode TDG.SYS.INIT 0
	refuses TDH.MR.REPORT decode TDH.MR.REPORT 0
	refuses TDG. decode TDG. 0
	refuses TDG.-1 decode TDG.-1 0
	refuses TDG.0x8000000000000000 decode TDG.0x8000000000000000 0
	refuses third decode 1 2 third
	refuses rsp=1 decode 1 2 rsp=1
	refuses 'rcx=' decode 1 2 rcx=
	refuses 0xzz decode 1 2 rcx=0xzz
	refuses frobnicate frobnicate
	refuses --sysfs leaves --sysfs
	refuses x leaves x
	refuses x statuses x
	verdict "what is no status, leaf or register is refused by name"

	run </dev/null
	exits 2
	case $err in
	'Usage: '*)	;;
	*)	why "$err" ;;
	esac
	verdict "no command: usage on stderr, exit 2"

	for command in decode leaves statuses; do
		run $command --help </dev/null
		exits 0
		quiet
		says "Usage: tdx-host $command"
		says '--json'
		run --help </dev/null
		exits 0
		says " $command "
		grep -q "^\.It Cm $command" docs/man/tdx-host.1 ||
			why "tdx-host(1) has no $command"
		"$tool" --completion | grep -qw "$command)" ||
			why "no completion for $command"
	done
	awk 'length > 80 { print "wider than 80 columns: " $0 }' "$tmp/out" \
		>>"$tmp/why"
	verdict "help, manual and completion have every command"

	"$tool" --completion >"$tmp/completion"
	# shellcheck disable=SC2016 # for the other shell
	bash -c '. "$1"
		complete_it() {
			COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
			COMPREPLY=(); _tdx_host; echo "${COMPREPLY[@]}"
		}
		complete_it tdx-host dec
		complete_it tdx-host decode TDH.SYS.IN
		complete_it tdx-host decode --j
		complete_it tdx-host --json leav' bash "$tmp/completion" \
		>"$tmp/said" 2>&1
	printf '%s\n' decode 'TDH.SYS.INFO TDH.SYS.INIT' --json leaves \
		>"$tmp/wanted"
	same "completion in bash"

	run --version </dev/null
	exits 0
	version=${out#tdx-host }
	version=${version% }
	# A snapshot's goes on with its commit.
	version=${version%%+*}
	for place in "CHANGELOG.md:## [$version]" \
		     "dkms.conf:PACKAGE_VERSION=\"$version\""; do
		grep -qF -e "${place#*:}" "${place%%:*}" ||
			why "${place%%:*} does not say ${place#*:}"
	done
	verdict "tool, dkms.conf and changelog have one version"

	run decode -q 0xc000050500000000 </dev/null
	exits 0
	[ -z "$out$err" ] || why "said: $out$err"
	run decode --quiet 0xc0000fff00000000 </dev/null
	exits 1
	[ -z "$out$err" ] || why "said: $out$err"
	verdict "--quiet leaves the exit status"

	run decode -EBUSY </dev/null
	says 'errno EBUSY (-16)'
	run decode 33 -9223369829241585664 -q </dev/null
	[ "$code$out$err" = 0 ] || why "$code: $out$err"
	verdict "what begins with a minus is an option only if it is one"

	run decode 33 0xc000050500000000 </dev/null
	awk 'length > 80' "$tmp/out" >>"$tmp/why"
	grep -q "$(printf '\033')" "$tmp/out" && why "colours in a pipe"
	run decode "$(printf 'virt/tdx: \033[31mmodule not loaded\a\377')" </dev/null
	LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\200-\377]')" "$tmp/out" &&
		why "control characters of the line get through"
	verdict "at most 80 columns, no colours in a pipe, no foreign escapes"

	# What documents show is what is printed.
	for place in docs/troubleshooting.md docs/man/tdx-host.1; do
		sed -n '/^ *\$ [a-z/]*tdx-host decode 0x21 0xc0/,/^$\|^\.Ed/{
			/^$\|^\.Ed/d
			s/^    \([^ ]\|     \)/\1/
			p
		}' $place >"$tmp/shown"
		read -r _ _ _ leaf status <"$tmp/shown"
		sed 1d "$tmp/shown" >"$tmp/wanted"
		"$tool" decode "$leaf" "$status" >"$tmp/said"
		same "$place shows what is printed"
	done

	if "$tool" decode 33 0xc000050500000000 >/dev/full 2>"$tmp/err"; then
		why "exit 0 though nothing could be written"
	fi
	grep -q 'standard output' "$tmp/err" || why "$(cat "$tmp/err")"
	verdict "a full disk is reported"
}
