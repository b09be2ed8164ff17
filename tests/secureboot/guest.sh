# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# guest.sh - what check.sh checks in the VM. It is no scenario, since it needs
# modules that are signed.
#
# what would break for a user: with Secure Boot, tdx_host does not load, or nobody says why
#
# vm: --emul

mount -t securityfs securityfs /sys/kernel/security

# variant NAME - a tdx_host that is signed in that way, and the key that DKMS
# has, are where they are installed
variant()
{
	cp "/variants/$1/tdx_host.ko" "/lib/modules/$(uname -r)/updates/"
	cp "/variants/$1/mok.pub" /var/lib/dkms/
}

# refused REASON - modprobe says what docs/troubleshooting.md explains, and the
# kernel says this
refused()
{
	if modprobe tdx_host 2>/tmp/refused; then
		echo "it was loaded"
		return 1
	fi
	cat /tmp/refused
	grep -q 'Key was rejected by service' /tmp/refused &&
		dmesg_has "Loading of $1 is rejected"
}

# diagnosis REGEX - what `tdx-host doctor` says of the signature, as one line,
# matches
diagnosis()
{
	tdx-host doctor >/tmp/doctor 2>&1
	cat /tmp/doctor
	awk '/^[A-Z]/ { ours = $2 == "signature" } ours' /tmp/doctor |
		tr -s ' \n' ' ' | grep -qE "$1"
}

mkdir -p /var/lib/dkms
check "Secure Boot is on" dmesg_has 'Secure boot enabled'
check_is "and the kernel locked down" "none [integrity] confidentiality" \
	"$(cat /sys/kernel/security/lockdown)"
check "the kernel has the owner's key from the firmware" \
	dmesg_has "Loaded X.509 cert 'DKMS module signing key: "

variant unsigned
check "the unsigned module is refused (Key was rejected by service)" \
	refused "unsigned module"
check "doctor says that it has no signature" diagnosis \
	'^FAIL .* (has no|without a) signature'
variant other
check "one signed with a key that is not enrolled is refused, too" \
	refused "module with unavailable key"
check "doctor says that its key is not known" diagnosis \
	'^FAIL .* does not know the key'
variant enrolled
check "doctor says that its key is enrolled" diagnosis '^PASS .* is enrolled'
check "the signed module loads" modprobe tdx_host
check "and brings TDX up" sh -c "echo 1 >$TDX/enable"
check_is "state" ready "$(value state)"
check "doctor finds nothing wrong" tdx-host doctor
