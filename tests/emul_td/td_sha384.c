// SPDX-License-Identifier: GPL-2.0-only
/* SHA-384 as the software TDX module of tests/emul has it. */
#include "../emul/model/sha384.c"
