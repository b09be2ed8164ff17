// SPDX-License-Identifier: GPL-2.0-only
#include "../td/memory.c"
