# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# kernel-doc.sh - where the kernel's own reader of its comments is. To be
# sourced.

# kernel_doc KDIR - prints its path; fails if the kernel's headers do not bring
# it
kernel_doc()
{
	for _f in "$1"/scripts/kernel-doc "$1"/source/scripts/kernel-doc \
		  "$1"/../linux-kbuild*/scripts/kernel-doc; do
		if [ -f "$_f" ]; then
			printf '%s\n' "$_f"
			return
		fi
	done
	return 1
}
