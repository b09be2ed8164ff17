// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is there before the guest's first instruction: the stub, in private
 * pages that are measured; and in shared pages what the stub copies: the
 * kernel, its initramfs, boot_params, the command line and ACPI's tables.
 * Source: Linux, Documentation/arch/x86/boot.rst, "64-bit Boot Protocol", and
 * zero-page.rst; ACPI 6.4, chapter 5.
 */
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/bootparam.h>

#include "linux_td.h"

extern const u8 linux_td_stub[];

#define E820_RAM		1
#define E820_RESERVED		2
#define E820_ACPI		3
#define E820_NVS		4
#define LOW_RAM_END		0x9f000ULL
#define HIGH_RAM		0x100000ULL
#define STUB_END		(LINUX_TD_GPA_STUB + (u64)LINUX_TD_STUB_SIZE)

#define HEADER_MAGIC		0x53726448	/* "HdrS" */
#define BOOT_FLAG		0xaa55
#define PROTOCOL		0x20f
#define LOADER_UNDEFINED	0xff
#define CMDLINE_MAX		2047

struct acpi_head {
	char signature[4];
	__le32 length;
	u8 revision;
	u8 checksum;
	char oem[6];
	char oem_table[8];
	__le32 oem_revision;
	char creator[4];
	__le32 creator_revision;
} __packed;

/* As much as an FADT of a machine without hardware to be controlled says. */
struct acpi_fadt_ltd {
	struct acpi_head h;
	u8 to_boot_flags[109 - 36];
	__le16 boot_flags;
	u8 reserved;
	__le32 flags;
	u8 to_minor[131 - 116];
	u8 minor;
	u8 to_dsdt[140 - 132];
	__le64 dsdt;
	u8 rest[276 - 148];
} __packed;
static_assert(sizeof(struct acpi_fadt_ltd) == 276);

#define FADT_WBINVD		BIT(0)
#define FADT_HW_REDUCED		BIT(20)
#define FADT_NO_VGA		BIT(2)
#define FADT_NO_CMOS_RTC	BIT(5)

struct madt_x2apic {
	u8 type, length;
	__le16 reserved;
	__le32 id;
	__le32 flags;
	__le32 uid;
} __packed;

struct madt_wakeup {
	u8 type, length;
	__le16 version;
	__le32 reserved;
	__le64 mailbox;
} __packed;

#define MADT_X2APIC		9
#define MADT_WAKEUP		0x10
#define MADT_ENABLED		1
#define LOCAL_APIC		0xfee00000

/* ACPI's tables, as they are at LINUX_TD_GPA_ACPI. */
struct acpi_image {
	struct {
		char signature[8];
		u8 checksum;
		char oem[6];
		u8 revision;
		__le32 rsdt;
		__le32 length;
		__le64 xsdt;
		u8 checksum_all;
		u8 reserved[3];
	} __packed rsdp;
	u8 pad[28];
	struct {
		struct acpi_head h;
		__le64 entry[2];
	} __packed xsdt;
	struct acpi_fadt_ltd fadt;
	struct acpi_head dsdt;
	struct {
		struct acpi_head h;
		__le32 apic;
		__le32 flags;
		struct madt_wakeup wakeup;
		struct madt_x2apic cpu[CONSUMER_MAX_VCPUS];
	} __packed madt;
};
static_assert(sizeof(struct acpi_image) <= PAGE_SIZE);

#define AT(member) \
	cpu_to_le64(LINUX_TD_GPA_ACPI + offsetof(struct acpi_image, member))

static u8 acpi_checksum(const void *p, size_t n)
{
	const u8 *b = p;
	u8 sum = 0;

	while (n--)
		sum += *b++;
	return -sum;
}

static void acpi_finish(struct acpi_head *h, const char *signature, u8 revision,
			 u32 length)
{
	memcpy(h->signature, signature, 4);
	h->length = cpu_to_le32(length);
	h->revision = revision;
	memcpy(h->oem, "TDXHST", 6);
	memcpy(h->oem_table, "LINUX-TD", 8);
	memcpy(h->creator, "TDXH", 4);
	h->checksum = acpi_checksum(h, length);
}

static void acpi_fill_madt(struct acpi_image *a, unsigned int vcpus)
{
	unsigned int i;

	a->madt.apic = cpu_to_le32(LOCAL_APIC);
	a->madt.wakeup.type = MADT_WAKEUP;
	a->madt.wakeup.length = sizeof(a->madt.wakeup);
	a->madt.wakeup.mailbox = cpu_to_le64(LINUX_TD_GPA_MAILBOX);
	for (i = 0; i < vcpus; i++) {
		a->madt.cpu[i].type = MADT_X2APIC;
		a->madt.cpu[i].length = sizeof(a->madt.cpu[i]);
		a->madt.cpu[i].id = cpu_to_le32(i);
		a->madt.cpu[i].uid = cpu_to_le32(i);
		a->madt.cpu[i].flags = cpu_to_le32(MADT_ENABLED);
	}
	acpi_finish(&a->madt.h, "APIC", 5, offsetof(typeof(a->madt), cpu) +
		     vcpus * sizeof(a->madt.cpu[0]));
}

static void acpi_fill(struct acpi_image *a, unsigned int vcpus)
{
	acpi_finish(&a->dsdt, "DSDT", 2, sizeof(a->dsdt));
	a->fadt.flags = cpu_to_le32(FADT_WBINVD | FADT_HW_REDUCED);
	a->fadt.boot_flags = cpu_to_le16(FADT_NO_VGA | FADT_NO_CMOS_RTC);
	a->fadt.minor = 3;
	a->fadt.dsdt = AT(dsdt);
	acpi_finish(&a->fadt.h, "FACP", 6, sizeof(a->fadt));
	acpi_fill_madt(a, vcpus);
	a->xsdt.entry[0] = AT(fadt);
	a->xsdt.entry[1] = AT(madt);
	acpi_finish(&a->xsdt.h, "XSDT", 1, sizeof(a->xsdt));
	memcpy(a->rsdp.signature, "RSD PTR ", 8);
	memcpy(a->rsdp.oem, "TDXHST", 6);
	a->rsdp.revision = 2;
	a->rsdp.length = cpu_to_le32(sizeof(a->rsdp));
	a->rsdp.xsdt = AT(xsdt);
	a->rsdp.checksum = acpi_checksum(&a->rsdp, 20);
	a->rsdp.checksum_all = acpi_checksum(&a->rsdp, sizeof(a->rsdp));
}

/**
 * struct shown - what the stub is shown, as it comes together
 * @t: the TD
 * @header: the page that begins with it
 * @end: offset of the next page
 */
struct shown {
	struct linux_td *t;
	u64 *header;
	u64 end;
};

static int show_begin(struct shown *s, struct linux_td *t)
{
	s->t = t;
	s->header = linux_td_share_new(t, LINUX_TD_GPA_SHOWN);
	s->end = PAGE_SIZE;
	if (!s->header)
		return -ENOMEM;
	s->header[LINUX_TD_BOOT_RAM / 8] = t->ram;
	return 0;
}

/* @size bytes of @from, or of @file from @pos on, are to be at @gpa. */
static int show_piece(struct shown *s, u64 gpa, u64 size, const u8 *from,
		      struct file *file, loff_t pos)
{
	u64 n = s->header[LINUX_TD_BOOT_PIECES / 8]++, done;
	u64 *piece = s->header + LINUX_TD_BOOT_PIECE / 8 + 3 * n;

	if (n >= LINUX_TD_MAX_PIECES || gpa + size > s->t->ram)
		return -E2BIG;
	piece[0] = s->end;
	piece[1] = gpa;
	piece[2] = round_up(size, 8);
	for (done = 0; done < size; done += PAGE_SIZE) {
		size_t part = min_t(u64, size - done, PAGE_SIZE);
		void *page = linux_td_share_new(s->t, LINUX_TD_GPA_SHOWN +
					  s->end);

		if (!page)
			return -ENOMEM;
		if (from)
			memcpy(page, from + done, part);
		else if (kernel_read(file, page, part, &pos) != part)
			return -EIO;
		s->end += PAGE_SIZE;
		cond_resched();
	}
	return 0;
}

static int show_segments(struct shown *s, struct file *file)
{
	struct elf64_phdr ph;
	struct elf64_hdr eh;
	unsigned int i;
	loff_t pos = 0;
	int ret;

	if (kernel_read(file, &eh, sizeof(eh), &pos) != sizeof(eh) ||
	    memcmp(eh.e_ident, ELFMAG, SELFMAG) ||
	    eh.e_phentsize != sizeof(ph)) {
		pr_err("linux_td: kernel= is no ELF file; it has to be vmlinux\n");
		return -ENOEXEC;
	}
	for (i = 0; i < eh.e_phnum; i++) {
		pos = eh.e_phoff + i * sizeof(ph);
		if (kernel_read(file, &ph, sizeof(ph), &pos) != sizeof(ph))
			return -EIO;
		if (ph.p_type != PT_LOAD || !ph.p_filesz)
			continue;
		/* What follows in memory is zero, as all that was accepted. */
		ret = show_piece(s, ph.p_paddr, ph.p_filesz, NULL, file,
				 ph.p_offset);
		if (ret)
			return ret;
	}
	s->header[LINUX_TD_BOOT_ENTRY / 8] = eh.e_entry;
	return 0;
}

static int show_kernel(struct shown *s, const char *name)
{
	struct file *file = filp_open(name, O_RDONLY, 0);
	int ret;

	if (IS_ERR(file)) {
		pr_err("linux_td: %s cannot be opened (%ld)\n", name,
		       PTR_ERR(file));
		return PTR_ERR(file);
	}
	ret = show_segments(s, file);
	filp_close(file, NULL);
	return ret;
}

/* At the end of memory. */
static int show_initrd(struct shown *s, const char *name,
		       struct setup_header *h)
{
	struct file *file;
	u64 size, gpa;
	int ret;

	if (!name || !*name)
		return 0;
	file = filp_open(name, O_RDONLY, 0);
	if (IS_ERR(file)) {
		pr_err("linux_td: %s cannot be opened (%ld)\n", name,
		       PTR_ERR(file));
		return PTR_ERR(file);
	}
	size = i_size_read(file_inode(file));
	gpa = (s->t->ram - size) & PAGE_MASK;
	ret = size < s->t->ram ? show_piece(s, gpa, size, NULL, file, 0) :
				 -E2BIG;
	filp_close(file, NULL);
	h->ramdisk_image = gpa;
	h->ramdisk_size = size;
	return ret;
}

static void params_add_e820(struct boot_params *bp, u64 addr, u64 end, u32 type)
{
	struct boot_e820_entry *e = &bp->e820_table[bp->e820_entries++];

	e->addr = addr;
	e->size = end - addr;
	e->type = type;
}

static void params_fill(const struct linux_td *t, struct boot_params *bp)
{
	struct setup_header *h = &bp->hdr;

	h->type_of_loader = LOADER_UNDEFINED;
	h->boot_flag = BOOT_FLAG;
	h->header = HEADER_MAGIC;
	h->version = PROTOCOL;
	h->loadflags = LOADED_HIGH;
	h->kernel_alignment = 0x200000;
	h->cmd_line_ptr = LINUX_TD_GPA_CMDLINE;
	h->cmdline_size = CMDLINE_MAX;
	bp->acpi_rsdp_addr = LINUX_TD_GPA_ACPI;
	params_add_e820(bp, 0, LOW_RAM_END, E820_RAM);
	params_add_e820(bp, LINUX_TD_GPA_ACPI, LINUX_TD_GPA_MAILBOX, E820_ACPI);
	/* The kernel takes it for private because it is ACPI's. */
	params_add_e820(bp, LINUX_TD_GPA_MAILBOX, LINUX_TD_GPA_MAILBOX + PAGE_SIZE,
		 E820_NVS);
	params_add_e820(bp, HIGH_RAM, t->ram, E820_RAM);
	params_add_e820(bp, LINUX_TD_GPA_STUB, STUB_END, E820_RESERVED);
}

/* Two pages of zeroes for what is put together here. */
struct made {
	union {
		struct boot_params params;
		u8 page[PAGE_SIZE];
	};
	struct acpi_image acpi;
};

static int show_all(struct shown *s, struct made *made, const char *kernel,
		    const char *initrd, const char *cmdline)
{
	int ret;

	ret = show_kernel(s, kernel);
	if (ret)
		return ret;
	params_fill(s->t, &made->params);
	ret = show_initrd(s, initrd, &made->params.hdr);
	if (ret)
		return ret;
	acpi_fill(&made->acpi, s->t->c.vcpus);
	ret = show_piece(s, LINUX_TD_GPA_PARAMS, PAGE_SIZE, made->page, NULL,
			 0);
	if (!ret)
		ret = show_piece(s, LINUX_TD_GPA_ACPI, sizeof(made->acpi),
				 (const u8 *)&made->acpi, NULL, 0);
	if (!ret)
		ret = show_piece(s, LINUX_TD_GPA_CMDLINE, strlen(cmdline) + 1,
				 cmdline, NULL, 0);
	return ret;
}

static int stub_add(struct linux_td *t)
{
	struct page *source = alloc_page(GFP_KERNEL);
	unsigned int at;
	int ret = 0;

	if (!source)
		return -ENOMEM;
	for (at = 0; at < LINUX_TD_STUB_SIZE && !ret; at += PAGE_SIZE) {
		memcpy(page_address(source), linux_td_stub + at, PAGE_SIZE);
		ret = consumer_memory_add(&t->c, LINUX_TD_GPA_STUB + at,
					  source);
		if (!ret)
			ret = consumer_memory_measure(&t->c,
						      LINUX_TD_GPA_STUB + at);
	}
	__free_page(source);
	return ret;
}

/* @kernel: file name of vmlinux; @initrd: of its initramfs, may be empty */
int linux_td_boot_load(struct linux_td *t, const char *kernel,
		       const char *initrd, const char *cmdline)
{
	struct made *made;
	struct shown s;
	int ret;

	if (strlen(cmdline) > CMDLINE_MAX)
		return -E2BIG;
	ret = stub_add(t);
	if (ret)
		return ret;
	ret = show_begin(&s, t);
	if (ret)
		return ret;
	made = kzalloc(sizeof(*made), GFP_KERNEL);
	if (!made)
		return -ENOMEM;
	ret = show_all(&s, made, kernel, initrd, cmdline);
	kfree(made);
	if (ret)
		pr_err("linux_td: the kernel cannot be loaded (%d)\n", ret);
	return ret;
}
