# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # check.sh is sourced before
#
# clang.sh - how to compile modules with clang. To be sourced after check.sh,
# and after a call of `kernel`.
#
# For a kernel that was built with clang, LLVM=1 is enough. The headers of one
# that was built with gcc contain gcc's options: those that this clang does not
# know are switched off. Such modules are for static checks only and must never
# be loaded.

# knows FLAG - does this clang know it?
knows()
{
	clang -Werror "$1" -c -x c -o /dev/null /dev/null 2>/dev/null
}

# unless_known FLAG WORD... - prints the words if clang does not know the flag
unless_known()
{
	knows "$1" && return
	shift
	echo "$@"
}

# The configuration that the headers would have if the kernel had been built
# with clang.
gcc_kernel()
{
	_v=$(clang -dM -E -x c /dev/null | awk '
		$2 == "__clang_major__" { major = $3 }
		$2 == "__clang_minor__" { minor = $3 }
		$2 == "__clang_patchlevel__" { patch = $3 }
		END { print major * 10000 + minor * 100 + patch }')
	echo CC=clang CONFIG_CC_IS_GCC= CONFIG_GCC_VERSION=0 \
		CONFIG_CC_IS_CLANG=y CONFIG_CLANG_VERSION="$_v" \
		CONFIG_AS_IS_GNU= CONFIG_AS_IS_LLVM=y \
		CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough \
		CONFIG_FTRACE_MCOUNT_USE_CC= CONFIG_GCC_PLUGINS=
	unless_known -mfunction-return=thunk-extern CONFIG_RETHUNK= \
		CONFIG_MITIGATION_RETHUNK=
	unless_known -mharden-sls=all CONFIG_SLS= CONFIG_MITIGATION_SLS=
	unless_known -ftrivial-auto-var-init=zero CONFIG_INIT_STACK_ALL_ZERO=
	unless_known -fmin-function-alignment=16 \
		CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=
}

# clang_args - the arguments for make
clang_args()
{
	if grep -q '^CONFIG_CC_IS_CLANG=y' "$kdir/include/config/auto.conf"; then
		echo LLVM=1
	else
		gcc_kernel
	fi
}
