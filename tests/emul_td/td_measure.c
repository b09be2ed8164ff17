// SPDX-License-Identifier: GPL-2.0-only
/* TDREPORTs and their hashes as the software TDX module of tests/emul has them. */
#include "../emul/model/sha384.c"
#include "../emul/model/tdreport.c"
