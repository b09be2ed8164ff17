// SPDX-License-Identifier: GPL-2.0-only
/* 6.13: symbol namespaces became string literals; before, bare tokens. */
#include <linux/module.h>
MODULE_IMPORT_NS(TDX_HOST);
