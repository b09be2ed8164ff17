/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What src/ takes from the kernel, for a process that measures it: it comes
 * before every source file, in the place of compat.h.  It costs what it costs
 * in the kernel, as far as that can be had without privileges: an instruction
 * that a process may not execute is one that does nothing.
 */
#ifndef TESTS_BENCH_KERNEL_H
#define TESTS_BENCH_KERNEL_H

#define TDX_HOST_COMPAT_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/kernel.h>

#include "standin.h"

#define PAGE_SIZE	4096UL
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define BIT(n)		(1UL << (n))
#define GENMASK_ULL(h, l)	(~0ULL << (l) & ~0ULL >> (63 - (h)))
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define div64_u64(a, b)	((a) / (b))

#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif
#define noinline	__attribute__((noinline))
#define __cold		__attribute__((cold))
#define __percpu
#define __read_mostly
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))

#define TDX_HOST_EXPORT(sym)	extern int bench_exported
#define lockdep_assert_irqs_disabled()	((void)0)
#define might_sleep()			((void)0)
#define might_sleep_if(cond)		((void)(cond))
#define WARN_ON_ONCE(cond)		unlikely(cond)

#define KERN_ERR		""
#define KERN_DEBUG		""
#define pr_fmt(fmt)		fmt
/* Checked by the compiler, and said to nobody. */
#define printk_ratelimited(fmt, ...)	((void)(0 && printf(fmt, ##__VA_ARGS__)))
#define pr_err_ratelimited	printk_ratelimited
#define pr_warn			printk_ratelimited
#define pr_info			printk_ratelimited

/* A CPU, and its variables. */
#define DEFINE_PER_CPU(type, name)	type name
#define this_cpu_read(x)	(x)
#define this_cpu_write(x, v)	((x) = (v))
#define this_cpu_ptr(p)		(p)
#define per_cpu(x, cpu)		(*((void)(cpu), &(x)))
#define per_cpu_ptr(p, cpu)	((void)(cpu), (p))
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define __alloc_percpu_gfp(size, align, gfp)	calloc(1, size)
#define free_percpu(p)		free(p)
#define preempt_disable()	asm volatile("" ::: "memory")
#define preempt_enable()	asm volatile("" ::: "memory")
extern int bench_cpu;
#define smp_processor_id()	READ_ONCE(bench_cpu)

/* Needs -mno-red-zone, as the kernel's code does. */
#define local_irq_save(flags)						\
	asm volatile("pushfq\n\tpopq %0\n\t" STANDIN(STANDIN_CLI)	\
		     : "=r" (flags) : : "memory")
#define local_irq_restore(flags) do {					\
	if ((flags) & BENCH_IF)						\
		asm volatile(STANDIN(STANDIN_STI) ::: "memory");	\
} while (0)
#define BENCH_IF	0x200UL

static inline bool irqs_disabled(void)
{
	unsigned long flags;

	asm volatile("pushfq\n\tpopq %0" : "=r" (flags));
	return !(flags & BENCH_IF);
}

static inline u32 cpuid_ecx(u32 leaf)
{
	u32 ecx = ~0U;

	asm volatile(STANDIN(STANDIN_CPUID) : "+c" (ecx) : "a" (leaf));
	return ecx;
}

/* Every MSR says that VMX can be used. */
static inline int tdx_compat_rdmsr_safe(u32 msr, u64 *val)
{
	u64 v = ~0ULL;

	asm volatile(STANDIN(STANDIN_RDMSR) : "+a" (v) : "c" (msr));
	*val = v;
	return 0;
}

u64 ktime_get_mono_fast_ns(void);
void udelay(unsigned long us);
void msleep(unsigned int ms);
void cond_resched(void);

static inline int ilog2(u64 n)
{
	return 63 - __builtin_clzll(n);
}

static inline ssize_t strscpy(char *to, const char *from, size_t len)
{
	size_t n = strnlen(from, len - 1);

	memcpy(to, from, n);
	to[n] = '\0';
	return n;
}

/* Memory: the first pages of a machine. */
#define BENCH_PAGES	64
struct page {
	u64 as_large_as_the_kernels[8];
};

extern struct page bench_pages[BENCH_PAGES];
extern char bench_memory[BENCH_PAGES * 4096];

#define page_to_pfn(page)	((unsigned long)((page) - bench_pages))
#define page_to_phys(page)	((u64)page_to_pfn(page) << 12)
#define PFN_PHYS(pfn)		((u64)(pfn) << 12)
#define PHYS_PFN(pa)		((unsigned long)((pa) >> 12))
#define __va(pa)		((void *)(bench_memory + (pa)))
#define page_address(page)	__va(page_to_phys(page))
#define clear_page(p)		memset(p, 0, PAGE_SIZE)
#define pfn_valid(pfn)		((pfn) < BENCH_PAGES)
#define cpu_to_node(cpu)	((void)(cpu), 0)
#define GFP_KERNEL		0
#define __GFP_ZERO		0
#define __GFP_NOWARN		0
#define alloc_pages_node(node, gfp, order)	((void)(node), &bench_pages[1])
#define __free_page(page)	((void)(page))
void clflush_cache_range(void *p, unsigned int size);

/* Lists. */
struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

#define hlist_entry(ptr, type, member)	container_of(ptr, type, member)

static inline void INIT_HLIST_NODE(struct hlist_node *n)
{
	n->next = NULL;
	n->pprev = NULL;
}

static inline bool hlist_unhashed(const struct hlist_node *n)
{
	return !n->pprev;
}

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (n->next)
		n->next->pprev = &n->next;
	h->first = n;
	n->pprev = &h->first;
}

static inline void hlist_del_init(struct hlist_node *n)
{
	if (hlist_unhashed(n))
		return;
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
	INIT_HLIST_NODE(n);
}

/* Never reached by what is measured; the linker drops who calls them. */
void cpus_read_lock(void);
void cpus_read_unlock(void);
int smp_call_function_single(int cpu, void (*fn)(void *), void *data, int wait);
void on_each_cpu(void (*fn)(void *), void *data, int wait);
void iret_to_self(void);
#define NMI_VECTOR	2
struct bench_apic {
	void (*send_IPI)(int cpu, int vector);
};

extern struct bench_apic *apic;
struct seq_file;
void seq_puts(struct seq_file *m, const char *text);
void seq_putc(struct seq_file *m, char c);
__printf(2, 3)
void seq_printf(struct seq_file *m, const char *fmt, ...);

#define X86_TRAP_UD	6
#define X86_TRAP_GP	13
#define X86_CR4_VMXE	BIT(13)

/*
 * A tracepoint is a no-op that becomes a jump while somebody traces, and then
 * a record with its fields.  The kernel's own share, reserving the record in
 * the ring buffer and committing it, is a pointer that moves here.
 */
static __always_inline bool bench_traced(void)
{
#ifdef BENCH_TRACED
	asm goto("jmp %l0" : : : : on);
#else
	asm goto(".byte 0x0f, 0x1f, 0x44, 0x00, 0x00" : : : : on);
#endif
	return false;
on:
	return true;
}

void *bench_record(size_t size);

#define TP_PROTO(args...)	args
#define TP_ARGS(args...)	args
#define TP_STRUCT__entry(args...)	args
#define TP_fast_assign(args...)	args
#define TP_printk(args...)	args
#define __array(type, name, len)	type name[len];
#define __field(type, name)		type name;

#define TRACE_EVENT(event, proto, args, fields, assign, text)		\
struct trace_record_##event {						\
	fields								\
};									\
static noinline __attribute__((unused))					\
void trace_write_##event(proto)						\
{									\
	struct trace_record_##event *__entry =				\
		bench_record(sizeof(*__entry));				\
									\
	assign								\
}									\
static __always_inline void trace_##event(proto)			\
{									\
	if (bench_traced())						\
		trace_write_##event(args);				\
}									\
static __always_inline bool trace_##event##_enabled(void)		\
{									\
	return bench_traced();						\
}

#endif /* TESTS_BENCH_KERNEL_H */
