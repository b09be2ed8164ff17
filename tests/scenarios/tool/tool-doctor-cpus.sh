# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: with nr_cpus= on the command line, tdx-host
# doctor looks for CPUs to bring online, and there are none
#
# vm: --smp 4 --append nr_cpus=2 --emul lps=4

# shellcheck source=/dev/null
. /vm/tool.sh

doctor_left_out()
{
	tool doctor
	said=${said##*Begin with this: }
	check "$1: begin with the CPUs that were left out" tool_says \
		"CPUs left out" nr_cpus= ". Cure: "
	check_is "$1: exit status" 1 "$code"
}

modprobe tdx_host
doctor_left_out "detected"
check "enable fails" not tdx-host enable
doctor_left_out "failed"
tool doctor --json
check_is "failed: first failure, as JSON" "left-out CPUS_LEFT_OUT" \
	"$(tool_failed)"
sane
