# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # doctor.sh and machine.sh
#
# report_cases.sh - the bug report has everything, and nothing secret; and no
# command minds what it finds in files

machine
ready
file proc/cmdline 'root=UUID=SECRET1 ro ip=10.0.0.7::SECRET2 SECRET3 nr_cpus=8 kvm_intel.tdx=0 cryptdevice=/dev/SECRET4'
file sys/class/dmi/id/product_name 'PowerEdge R760'
file sys/class/dmi/id/product_serial SECRET5
file sys/class/dmi/id/product_uuid SECRET6
file proc/sys/kernel/hostname SECRET7
file etc/hostname SECRET7
file etc/os-release 'ID=debian
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"'
file dev/kmsg '6,1,1,-;tdx_host: TDX enabled by the BIOS
6,2,2,-;usb 1-1: SerialNumber: SECRET8
6,3,3,-;systemd[1]: Set hostname to SECRET7'
run report
check_is 'report: exit status' 0 "$code"
check_is 'report: nothing secret' '' "$(grep SECRET "$tmp/out")"
for words in '## Versions' '* tdx_host, loaded: 0.1.0' "* kernel: $kernel" \
	     '* system: Debian GNU/Linux 12 (bookworm)' \
	     '* machine: PowerEdge R760' \
	     'root=(hidden) ro ip=(hidden) (hidden) nr_cpus=8 kvm_intel.tdx=0 cryptdevice=(hidden)' \
	     '## tdx-host status' 'state ready' '## tdx-host doctor' \
	     'PASS kernel' '## CMRs' '0x100000 0x77800000' \
	     'tdx_host: TDX enabled by the BIOS'; do
	says "report: $words" "$words"
done
check_is 'report: code begins and ends' 0 \
	"$(($(grep -c '^```$' "$tmp/out") % 2))"
run report --json
check_is 'report, as JSON' "$kernel ready 0x100000 0x77800000 0" \
	"$(json '"\(.versions.kernel) \(.status.state) \(.cmrs) \(.exit)"')"
valid 'report keeps to the schema'
check_is 'report, as JSON: nothing secret' '' "$(grep SECRET "$tmp/out")"
check_is 'report, as JSON: the same checks as doctor' \
	"$("$tool" doctor --root "$root" --json | jq -c .checks)" \
	"$(jq -c .doctor.checks "$tmp/out")"
machine
gone lib sys dev
run report
check_is 'report, without the module: exit status' 0 "$code"
says 'report, without the module: it says so' 'state not loaded'
rm -rf "$root"
mkdir "$root"
for command in status doctor report 'watch --timeout 0.01' wait enable disable; do
	# shellcheck disable=SC2086 # words
	run ${command%% *} ${command#"${command%% *}"} --json
	check "$command finds nothing at all, and says so as JSON" \
		jq -e .command "$tmp/out"
done

# Whatever is in one file: no crash, a known exit status, valid JSON.
: >"$tmp/list"
machine
ready
(cd "$root" && find . -type f) >"$tmp/files"
while read -r path; do
	cp "$root/$path" "$tmp/right"
	for garbage in '' '=,:;-[ "' '0-4294967295,7-,99999999999999999999' \
		       "$(head -c 9000 /dev/zero | tr '\0' 7)"; do
		printf '%s' "$garbage" >"$root/$path"
		for command in report 'watch --timeout 0'; do
			# shellcheck disable=SC2086 # words
			run ${command%% *} ${command#"${command%% *}"} --json
			if [ "$code" -gt 9 ] || ! jq -e .command "$tmp/out" \
			   >"$tmp/said" 2>&1; then
				echo "$path: $garbage: $command: $code $out" |
					head -c 2000 >>"$tmp/list"
			fi
		done
	done
	cp "$tmp/right" "$root/$path"
done <"$tmp/files"
check 'there was something to spoil' test "$(wc -l <"$tmp/files")" -gt 40
check_none 'no file can make a command crash' <"$tmp/list"
