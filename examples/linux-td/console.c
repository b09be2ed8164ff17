// SPDX-License-Identifier: GPL-2.0-only
/*
 * A serial port that only writes, into the kernel log; and a real-time clock
 * that is always the same, for a kernel that looks there.
 */
#include <linux/printk.h>
#include <linux/serial_reg.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "linux_td.h"

#define SERIAL		0x3f8
#define PIT		0x40
#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71
#define CMOS_DAY	7
#define CMOS_MONTH	8
#define CMOS_STATUS_B	0xb
#define CMOS_24_HOURS	2

/* Without interrupts, FIFO on. */
#define IIR_VALUE	0xc1
/* Carrier, data set ready, clear to send. */
#define MSR_VALUE	0xb0

static DEFINE_SPINLOCK(lock);
static u8 serial[8], cmos_index;
static char line[512];
static unsigned int length;

static void console_flush_line(void)
{
	line[length] = 0;
	pr_info("linux_td: | %s\n", line);
	length = 0;
}

static void console_put(u8 c)
{
	if (c == '\n' || length == sizeof(line) - 1)
		console_flush_line();
	if (c != '\n' && c != '\r')
		line[length++] = c;
}

void linux_td_console_flush(void)
{
	spin_lock(&lock);
	if (length)
		console_flush_line();
	spin_unlock(&lock);
}

static bool divisor_latch(void)
{
	return serial[UART_LCR] & UART_LCR_DLAB;
}

static u8 serial_read(unsigned int reg)
{
	switch (reg) {
	case UART_LSR:
		return UART_LSR_TEMT | UART_LSR_THRE;
	case UART_MSR:
		return MSR_VALUE;
	case UART_IIR:
		return IIR_VALUE;
	case UART_IER:
		return divisor_latch() ? 0 : serial[UART_IER] & 0xf;
	case UART_RX:
		return divisor_latch();
	default:
		return serial[reg];
	}
}

u64 linux_td_io_read(u16 port, u64 size)
{
	u64 value = size < 8 ? (1ULL << 8 * size) - 1 : 0;

	spin_lock(&lock);
	if (port >= SERIAL && port < SERIAL + 8)
		value = serial_read(port - SERIAL);
	else if (port >= PIT && port < PIT + 4)
		value = 0;	/* no timer: who waits for it sees so at once */
	else if (port == CMOS_DATA)
		value = cmos_index == CMOS_STATUS_B ? CMOS_24_HOURS :
			cmos_index == CMOS_DAY || cmos_index == CMOS_MONTH;
	spin_unlock(&lock);
	return value;
}

void linux_td_io_write(u16 port, u64 size, u32 value)
{
	spin_lock(&lock);
	if (port == SERIAL && !divisor_latch())
		console_put(value);
	else if (port >= SERIAL && port < SERIAL + 8)
		serial[port - SERIAL] = value;
	else if (port == CMOS_INDEX)
		cmos_index = value & 0x7f;
	spin_unlock(&lock);
}
