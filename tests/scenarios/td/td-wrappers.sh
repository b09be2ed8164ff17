# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2016 # guest.sh and tdx.sh are sourced before
# vm: --smp 4,sockets=2 --emul
#
# what would break for a user: a wrapper hands the TDX module wrong operands, or its caller a wrong status

# shellcheck source=/dev/null
. /vm/td.sh

check "every case holds" modprobe tdx_wrappers
# By itself it reads the last 16 KiB.
dmesg -s 1000000 >/tmp/log
sed -n 's/^.*\] tdx_wrappers: FAILED/# FAILED/p' /tmp/log
check_is "and none was lost" \
	"$(grep -cE 'tdx_wrappers: (ok|holds:) ' /tmp/log) passed, 0 failed" \
	"$(sed -n 's/^.*\] tdx_wrappers: \(.* failed\)$/\1/p' /tmp/log)"
# "WRAPPER STATUS", those that held.
sed -n 's/^.*\] tdx_wrappers: ok //p' /tmp/log >/tmp/cases
for what in tdx_host_mng tdx_host_vp tdx_host_mr tdx_host_mem tdx_host_phymem; do
	check "$what: each is there for success and for errors" \
		awk -v what="$what" 'index($1, what) == 1 {
			n[$1] += 0
			if ($2 == "SUCCESS")
				ok[$1] = 1
			else
				n[$1]++
		}
		END {
			for (f in n) {
				all++
				if (!ok[f] || n[f] < 1) {
					print f, ok[f] + 0, n[f]
					bad = 1
				}
			}
			exit bad || !all
		}' /tmp/cases
done
note "wrapper: what it was seen to return"
awk '{
		f = $1
		sub(/^[^ ]* /, "")
		if (seen[f, $0]++)
			next
		if (!(f in row))
			name[n++] = f
		row[f] = row[f] " " ($0 ~ / / ? "(" $0 ")" : $0)
	}
	END { for (i = 0; i < n; i++) print "# " name[i] ":" row[name[i]] }' \
	/tmp/cases | sort
nothing_left
check "rmmod tdx_wrappers" rmmod tdx_wrappers
sane
