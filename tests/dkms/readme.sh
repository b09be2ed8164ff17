# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set them
#
# readme.sh - what examples/README.md tells people to type who build on
# tdx_host. To be sourced.

consumer=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' \
	"$top/examples/td/dkms.conf")

# readme_commands - the lines "    sudo ..." of that section; of a snapshot the
# version goes on
readme_commands()
{
	sed -n '/^## Building a module on tdx_host/,/^## /s/^    sudo //p' \
		"$top/examples/README.md" |
		sed "s,tdx_host/${version%+*}\$,tdx_host/$version,"
}

# run_command DIR KERNEL COMMAND - as root, for that kernel and not for the one
# that runs
# shellcheck disable=SC2317 # check calls it
run_command()
{
	case $3 in
	"dkms install "*)	set -- "$1" "$2" "$3 -k $2" ;;
	esac
	(cd "$1" && sh -c "$3")
}
