#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tests/secureboot/check.sh
#
# On a machine with Secure Boot, does the distribution's kernel load the
# tdx_host that DKMS has signed, once the key is enrolled, and no other? Makes
# keys and signs modules as DKMS does, then boots a VM with firmware, shim, GRUB
# and kernel as Microsoft and Debian have signed them. What is checked there is
# in guest.sh. Exit status: as that of tests/vm/run, or 1 if it came not so far.
set -eu

prog=tests/secureboot/check.sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=SCRIPTDIR/../lib/base.sh
. "$top/tests/lib/base.sh"
answer_help "$@"
cd "$top"

# find_kernel - sets krel, the kernel of the VM, and sign_file, the program of
# its headers
find_kernel()
{
	_found=$(tests/vm/kernel)
	krel=$(printf '%s\n' "$_found" | head -n 1)
	for sign_file in "/lib/modules/$krel/build/scripts/sign-file" \
			 "/usr/src/linux-headers-$krel/scripts/sign-file"; do
		[ ! -x "$sign_file" ] || return 0
	done
	die 1 "the headers of kernel $krel have no sign-file: run scripts/setup"
}

# new_key NAME - the files NAME.key and NAME.pub in $tmp
new_key()
{
	openssl req -new -x509 -nodes -days 36500 \
		-subj "/CN=DKMS module signing key" -newkey rsa:2048 \
		-keyout "$tmp/$1.key" -outform DER -out "$tmp/$1.pub" \
		2>"$tmp/openssl" || {
		cat "$tmp/openssl" >&2
		die 1 "openssl could not make a key, see above"
	}
}

# new_module FILE DIR [KEY] - put a module into $tmp/DIR, signed with the key
# (without: not signed)
new_module()
{
	_ko=$tmp/$2/${1##*/}
	mkdir -p "$tmp/$2"
	cp "build/$krel/$1" "$_ko"
	strip -g "$_ko"
	[ -z "${3:-}" ] ||
		"$sign_file" sha256 "$tmp/$3.key" "$tmp/$3.pub" "$_ko"
}

for p in openssl strip; do
	have "$p" || die 1 "$p is not installed: run scripts/setup"
done
find_kernel
make -s modules tools KVER="$krel" >&2
temporary "${TMPDIR:-/tmp}/tdx-secureboot"
new_key enrolled
new_key other
new_module tdx_host.ko variants/unsigned
cp "$tmp/other.pub" "$tmp/variants/unsigned/mok.pub"
for key in other enrolled; do
	new_module tdx_host.ko variants/$key $key
	cp "$tmp/$key.pub" "$tmp/variants/$key/mok.pub"
done
new_module tests/tdx_emul.ko modules enrolled
tests/vm/run --no-build --kernel "$krel" --secure-boot "$tmp/enrolled.pub" \
	--modules "$tmp/modules" --add "$tmp/variants" \
	--scenario "$here/guest.sh"
