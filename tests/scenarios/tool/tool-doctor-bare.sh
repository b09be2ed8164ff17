# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: on a machine that is no virtual one, tdx-host
# doctor does not say what keeps tdx_host from being loaded
#
# bochs
# vm: --emul

# shellcheck source=/dev/null
. /vm/tool.sh

mount -t securityfs securityfs /sys/kernel/security
doctor_content "before loading"
check "MSRs are not there, and it says how to have them" tool_says \
	"Cure: run 'sudo modprobe msr'"

new_machine msr=all:0x3a:1
modprobe tdx_host init=load
doctor_names "VMX locked off" vmx VMX_LOCKED_OFF "locked VMX off"
new_machine

mv /lib/modules/*/modules.dep /tmp/
doctor_names "not installed" headers NO_HEADERS "headers"
mv /tmp/modules.dep /lib/modules/*/

sane

# Nothing but a reset takes these away; the second closes debugfs as well.
echo 1 >/sys/module/module/parameters/sig_enforce
check "the kernel takes signed modules only" not modprobe tdx_host
doctor_names "sig_enforce" signature MODULE_UNSIGNED "no signature"
echo integrity >/sys/kernel/security/lockdown
check "the kernel is locked down" not modprobe tdx_host
doctor_names "lockdown" signature LOCKDOWN_UNSIGNED "locked down"
check "nothing but the modules themselves taints the kernel" not tainted_more
