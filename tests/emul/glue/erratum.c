// SPDX-License-Identifier: GPL-2.0-only
/*
 * The partial-write erratum of Sapphire and Emerald Rapids: a write of less
 * than a cache line to memory that the TDX module has written with a private
 * KeyID poisons the line, and who reads it takes a machine check.  Only a write
 * of the whole line at once, MOVDIR64B, makes it ordinary memory again.
 *
 * For each line of RAM there is a bit: private since the TDX module wrote it, to
 * a PAMT or to a page of a TD, ordinary since a MOVDIR64B.  A CPU without
 * MOVDIR64B raises #UD, which is how each one is seen here; so a line that is
 * private and holds something else than the TDX module left was written in
 * part.  The bit outlives the TDX module's use of the page: what a host forgets
 * to reset stays private for good, whoever has the page then.
 *
 * Source: Intel's list of TDX errata; Intel SDM volume 2, MOVDIR64B.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pfn.h>
#include <linux/ptrace.h>
#include <linux/vmalloc.h>
#include <asm/asm.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

#include "emul.h"
#include "../model/env.h"

#define LINE		64

/* Lines of each page that are private, or NULL: no erratum. */
static atomic64_t *private_lines;
static unsigned long nr_pages;
static atomic64_t resets;
static atomic64_t partial_writes;
static bool cap_was;

static u64 line_bit(u64 pa)
{
	return BIT_ULL(offset_in_page(pa) / LINE);
}

static bool is_private(u64 pa)
{
	return private_lines && PHYS_PFN(pa) < nr_pages &&
	       atomic64_read(&private_lines[PHYS_PFN(pa)]) & line_bit(pa);
}

/* A line that was written in part is poisoned once. */
void env_private_changed(u64 pa)
{
	u64 bit = line_bit(pa);

	if (!is_private(pa) ||
	    !(atomic64_fetch_andnot(bit, &private_lines[PHYS_PFN(pa)]) & bit))
		return;
	atomic64_inc(&partial_writes);
	pr_warn_ratelimited("partial write to TDX private memory at 0x%llx: a machine check waits for who reads it\n",
			    pa & ~(LINE - 1ULL));
}

static bool line_intact(u64 pa)
{
	if (model_line_intact(emul.model, pa))
		return true;
	env_private_changed(pa);
	return false;
}

/* Lines of the page at @pa that are still private, after a look at each. */
static unsigned int check_lines(u64 pa)
{
	unsigned int line, intact = 0;

	for (line = 0; line < PAGE_SIZE / LINE; line++, pa += LINE)
		if (is_private(pa))
			intact += line_intact(pa);
	return intact;
}

/* What was written in part is known from now on, or never. */
void env_private_begin(u64 pa)
{
	check_lines(pa);
}

void env_private_page(u64 pa)
{
	if (private_lines && PHYS_PFN(pa) < nr_pages)
		atomic64_set(&private_lines[PHYS_PFN(pa)], -1);
}

/* Destination and source of the MOVDIR64B at regs->ip; its length or 0. */
static unsigned int decode(const struct pt_regs *regs, unsigned long *dst,
			   unsigned long *src)
{
	const unsigned long gpr[16] = {
		regs->ax, regs->cx, regs->dx, regs->bx, regs->sp, regs->bp,
		regs->si, regs->di, regs->r8, regs->r9, regs->r10, regs->r11,
		regs->r12, regs->r13, regs->r14, regs->r15,
	};
	const u8 *start = (const u8 *)regs->ip, *p = start;
	u8 rex = 0, mod, reg, rm;

	if (*p++ != 0x66)
		return 0;
	if ((*p & 0xf0) == 0x40)
		rex = *p++;
	if (p[0] != 0x0f || p[1] != 0x38 || p[2] != 0xf8)
		return 0;
	mod = p[3] >> 6;
	reg = (p[3] >> 3 & 7) | (rex & 4 ? 8 : 0);
	rm = (p[3] & 7) | (rex & 1 ? 8 : 0);
	p += 4;
	/* As compilers write a pointer in a register: no index, no RIP. */
	if ((rm & 7) == 4) {
		if ((*p & 0x3f) != 0x24 || rex & 2)
			return 0;
		p++;
	}
	if (mod == 3 || (mod == 0 && (rm & 7) == 5))
		return 0;
	*dst = gpr[reg];
	*src = gpr[rm];
	if (mod == 1)
		*src += *(const s8 *)p++;
	if (mod == 2) {
		*src += *(const s32 *)p;
		p += 4;
	}
	return p - start;
}

/* The reset comes too late for a line that was written in part before. */
static void make_ordinary(u64 pa, const void *src)
{
	if (is_private(pa))
		line_intact(pa);
	memcpy(__va(pa), src, LINE);
	atomic64_inc(&resets);
	if (PHYS_PFN(pa) < nr_pages)
		atomic64_andnot(line_bit(pa), &private_lines[PHYS_PFN(pa)]);
}

/* Does what the instruction at regs->ip does, if it is a MOVDIR64B. */
bool emul_erratum_trap(struct pt_regs *regs)
{
	unsigned long dst, src;
	unsigned int len;

	if (!private_lines)
		return false;
	len = decode(regs, &dst, &src);
	if (!len)
		return false;
	if (!IS_ALIGNED(dst, LINE) || !virt_addr_valid((void *)dst)) {
		pr_err_ratelimited("MOVDIR64B at %pS to 0x%lx, which is no line of RAM\n",
				   (void *)regs->ip, dst);
		return false;
	}
	make_ordinary(virt_to_phys((void *)dst), (const void *)src);
	regs->ip += len;
	return true;
}

/**
 * tdx_emul_erratum() - what became of memory that the TDX module wrote
 * @lines: cache lines that are still private
 * @partial: lines so far that were written in part
 * @whole: MOVDIR64B so far
 *
 * Context: Any; takes time in proportion to RAM.
 */
void tdx_emul_erratum(u64 *lines, u64 *partial, u64 *whole)
{
	unsigned long pfn;

	*lines = 0;
	for (pfn = 0; private_lines && pfn < nr_pages; pfn++) {
		if (!atomic64_read(&private_lines[pfn]) ||
		    !pfn_to_online_page(pfn))
			continue;
		model_check_private(emul.model, PFN_PHYS(pfn));
		*lines += check_lines(PFN_PHYS(pfn));
	}
	*partial = atomic64_read(&partial_writes);
	*whole = atomic64_read(&resets);
}
EXPORT_SYMBOL_GPL(tdx_emul_erratum);

/* True: the CPU knows the instruction, and nothing here would see it. */
static bool cpu_has_movdir64b(void)
{
	static u8 line[2 * LINE] __aligned(LINE);
	bool has = false;

	asm volatile("1:	movdir64b (%[src]), %[dst]\n"
		     "	movb $1, %[has]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : [has] "+q" (has)
		     : [src] "r" (line), [dst] "r" (line + LINE)
		     : "memory");
	return has;
}

static int last_ram(struct resource *res, void *arg)
{
	unsigned long *end = arg;

	*end = max(*end, (unsigned long)PFN_UP(res->end));
	return 0;
}

/* Before tdx_host, which looks at the CPU's features as it is loaded. */
int emul_erratum_init(void)
{
	if (cpu_has_movdir64b()) {
		pr_err("erratum=partial-write: this CPU has MOVDIR64B itself, so it could not be seen: boot one without (tests/vm/run --tcg)\n");
		return -EINVAL;
	}
	walk_iomem_res_desc(IORES_DESC_NONE,
			    IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY, 0, -1,
			    &nr_pages, last_ram);
	private_lines = vzalloc(nr_pages * sizeof(*private_lines));
	if (!private_lines)
		return -ENOMEM;
	cap_was = test_cpu_cap(&boot_cpu_data, X86_FEATURE_MOVDIR64B);
	set_cpu_cap(&boot_cpu_data, X86_FEATURE_MOVDIR64B);
	return 0;
}

void emul_erratum_exit(void)
{
	if (!private_lines)
		return;
	if (!cap_was)
		clear_bit(X86_FEATURE_MOVDIR64B,
			  (unsigned long *)boot_cpu_data.x86_capability);
	vfree(private_lines);
}
