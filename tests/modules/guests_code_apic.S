/* SPDX-License-Identifier: GPL-2.0-only */
/* Guests of the model's unit tests, as they are. */
#include "../unit/model/guests_apic.S"
