// SPDX-License-Identifier: GPL-2.0-only
/*
 * pvhboot - start an uncompressed vmlinux by its PVH entry
 *
 * In Bochs a kernel spends a minute or two on decompressing itself, more than
 * on all the rest of the boot. This is a Multiboot kernel that syslinux'
 * mboot.c32 loads together with two modules, vmlinux (with the command line)
 * and the initramfs; it puts the vmlinux where its program headers say and
 * jumps to the entry that its Xen ELF note names, as QEMU does when it is given
 * an ELF kernel.
 *
 * QEMU loads it likewise for a guest whose CPUs are plugged later, because of
 * what it does on the way: see offer_late_cpus().
 *
 * Linked at 128 MiB: mboot.c32 and QEMU put the modules behind it, so neither
 * lies where the kernel goes (16 MiB and up).
 *
 * Multiboot Specification 0.6.96, sections 3.2 and 3.3; the start_info layout
 * is the kernel's include/xen/interface/hvm/start_info.h, its contract Xen's
 * docs/misc/pvh.pandoc.
 */
#include <stdint.h>

#define MB_MAGIC		0x1badb002
#define MB_BOOTED		0x2badb002
#define MB_ALIGN_MODULES	(1 << 0)
#define MB_WANT_MEMORY		(1 << 1)
#define MB_HAS_MODULES		(1 << 3)
#define MB_HAS_MMAP		(1 << 6)

#define XEN_NOTE_PHYS32_ENTRY	18
#define PVH_MAGIC		0x336ec578
#define PT_LOAD			1
#define PT_NOTE			4
#define MMAP_MAX		64

struct mb_info {
	uint32_t flags;
	uint32_t mem_lower;
	uint32_t mem_upper;
	uint32_t boot_device;
	uint32_t cmdline;
	uint32_t mods_count;
	uint32_t mods_addr;
	uint32_t syms[4];
	uint32_t mmap_length;
	uint32_t mmap_addr;
};

struct mb_module {
	uint32_t start;
	uint32_t end;
	uint32_t cmdline;
	uint32_t reserved;
};

/* @size does not count itself. */
struct mb_mmap {
	uint32_t size;
	uint64_t addr;
	uint64_t len;
	uint32_t type;
} __attribute__((packed));

struct elf_header {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
};

struct elf_segment {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

struct elf_note {
	uint32_t namesz;
	uint32_t descsz;
	uint32_t type;
};

struct pvh_module {
	uint64_t paddr;
	uint64_t size;
	uint64_t cmdline;
	uint64_t reserved;
};

struct pvh_mmap {
	uint64_t addr;
	uint64_t size;
	uint32_t type;
	uint32_t reserved;
};

struct pvh_start_info {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t nr_modules;
	uint64_t modules;
	uint64_t cmdline;
	uint64_t rsdp;		/* 0: the kernel looks in the BIOS area */
	uint64_t mmap;
	uint32_t mmap_entries;
	uint32_t reserved;
};

struct acpi_table {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem[6 + 8 + 4 + 4 + 4];
};

#define FADT_FLAGS		112
#define FADT_APIC_PHYSICAL	(1 << 19)
/* A field of the FADT since ACPI 5.1, reserved before */
#define FADT_MINOR		131
#define MADT_ENTRIES		44
#define MADT_LAPIC		0
#define MADT_X2APIC		9
#define LAPIC_ENABLED		(1 << 0)
#define LAPIC_ONLINE_CAPABLE	(1 << 1)

static const struct {
	uint32_t magic;
	uint32_t flags;
	uint32_t checksum;
} header __attribute__((section(".multiboot"), used)) = {
	.magic = MB_MAGIC,
	.flags = MB_ALIGN_MODULES | MB_WANT_MEMORY,
	.checksum = -(MB_MAGIC + MB_ALIGN_MODULES + MB_WANT_MEMORY),
};

static struct pvh_start_info start_info;
static struct pvh_mmap mmap[MMAP_MAX];
static struct pvh_module initrd;
uint8_t stack[4096] __attribute__((aligned(16), used));

asm(".globl _start\n"
    "_start:\n"
    "	mov $stack + 4096, %esp\n"
    "	push %ebx\n"
    "	push %eax\n"
    "	call boot\n");

static void out(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

/* On the console's serial port, where whoever looks for the reason looks. */
static void __attribute__((noreturn)) die(const char *text)
{
	for (const char *p = "pvhboot: "; *p; p++)
		out(0x3f8, *p);
	while (*text)
		out(0x3f8, *text++);
	out(0x3f8, '\n');
	for (;;)
		asm volatile("cli; hlt");
}

static void copy(uint32_t to, uint32_t from, uint32_t len)
{
	asm volatile("rep movsb"
		     : "+D"(to), "+S"(from), "+c"(len) : : "memory");
}

static void clear(uint32_t at, uint32_t len)
{
	asm volatile("rep stosb"
		     : "+D"(at), "+c"(len) : "a"(0) : "memory");
}

static uint32_t align4(uint32_t n)
{
	return (n + 3) & ~3U;
}

/* The 32-bit entry that the vmlinux's Xen note names, 0 without one. */
static uint32_t pvh_entry(uint32_t at, uint32_t len)
{
	uint32_t end = at + len;

	while (at + sizeof(struct elf_note) <= end) {
		const struct elf_note *note = (const void *)at;
		uint32_t name = at + sizeof(*note);
		uint32_t desc = name + align4(note->namesz);

		/* "Xen" and its 0, as a number: no strcmp() here */
		if (note->namesz == 4 && *(uint32_t *)name == 0x006e6558 &&
		    note->type == XEN_NOTE_PHYS32_ENTRY)
			return *(uint32_t *)desc;
		at = desc + align4(note->descsz);
	}
	return 0;
}

static uint32_t load(uint32_t image)
{
	const struct elf_header *elf = (const void *)image;
	uint32_t entry = 0;

	if (*(uint32_t *)elf->ident != 0x464c457f || elf->ident[4] != 2)
		die("the first module is not a 64-bit ELF file");
	for (int i = 0; i < elf->phnum; i++) {
		const struct elf_segment *seg =
			(const void *)(image + (uint32_t)elf->phoff +
				       i * elf->phentsize);

		if (seg->type == PT_NOTE && !entry)
			entry = pvh_entry(image + seg->offset, seg->filesz);
		if (seg->type != PT_LOAD)
			continue;
		if (seg->paddr + seg->memsz > (uint32_t)&header)
			die("the kernel does not fit below 128 MiB");
		copy(seg->paddr, image + seg->offset, seg->filesz);
		clear(seg->paddr + seg->filesz, seg->memsz - seg->filesz);
	}
	if (!entry)
		die("vmlinux has no PVH entry (CONFIG_PVH)");
	return entry;
}

static void take_mmap(const struct mb_info *info)
{
	uint32_t at = info->mmap_addr;

	while (at < info->mmap_addr + info->mmap_length) {
		const struct mb_mmap *range = (const void *)at;
		struct pvh_mmap *to = &mmap[start_info.mmap_entries];

		if (start_info.mmap_entries++ == MMAP_MAX)
			die("the memory map has too many entries");
		to->addr = range->addr;
		to->size = range->len;
		to->type = range->type;
		at += range->size + sizeof(range->size);
	}
}

static int is(const void *at, const char *name)
{
	return *(const uint32_t *)at == *(const uint32_t *)name;
}

static struct acpi_table *acpi_root(void)
{
	for (uint32_t at = 0xe0000; at < 0x100000; at += 16)
		if (is((void *)at, "RSD ") && is((void *)(at + 4), "PTR "))
			return *(struct acpi_table **)(at + 16);
	return 0;
}

static struct acpi_table *acpi_find(const char *name)
{
	struct acpi_table *root = acpi_root();
	struct acpi_table **entry;

	if (!root)
		return 0;
	for (entry = (void *)(root + 1);
	     (uint32_t)entry < (uint32_t)root + root->length; entry++)
		if (is(*entry, name))
			return *entry;
	return 0;
}

static void sum_up(struct acpi_table *table)
{
	const uint8_t *byte = (void *)table;
	uint8_t sum = 0;

	table->checksum = 0;
	for (uint32_t i = 0; i < table->length; i++)
		sum += byte[i];
	table->checksum = -sum;
}

/*
 * The number of CPUs that are not there yet. ACPI 6.3, 5.2.12.2: what is not
 * enabled may come later only if it is "online capable".
 */
static int mark_late_cpus(struct acpi_table *madt)
{
	uint32_t at = (uint32_t)madt + MADT_ENTRIES;
	int late = 0;

	while (at < (uint32_t)madt + madt->length) {
		const uint8_t *entry = (void *)at;
		uint32_t *flags = 0;

		if (entry[0] == MADT_LAPIC)
			flags = (void *)(at + 4);
		else if (entry[0] == MADT_X2APIC)
			flags = (void *)(at + 8);
		if (flags && !(*flags & LAPIC_ENABLED)) {
			*flags |= LAPIC_ONLINE_CAPABLE;
			late++;
		}
		at += entry[1];
	}
	return late;
}

/*
 * Tables older than ACPI 6.3, as QEMU's are, cannot say which CPUs may come
 * later. Linux took every one that is not enabled for such, until 6.12 and its
 * stable kernels: from then on it does so only where it knows the hypervisor,
 * and TCG is none of those (arch/x86/kernel/acpi/boot.c:
 * acpi_is_processor_usable()). So the tables say it.
 *
 * Where CPUs come later their numbers have gaps, and what QEMU's APIC sends to
 * a logical destination reaches nobody behind the first (hw/intc/apic.c:
 * apic_get_delivery_bitmask()): that CPU waits for ever to be woken. Physical
 * destinations do not suffer from it.
 */
static void offer_late_cpus(void)
{
	struct acpi_table *madt = acpi_find("APIC");
	struct acpi_table *fadt = acpi_find("FACP");

	if (!madt || !fadt || !mark_late_cpus(madt))
		return;
	sum_up(madt);
	fadt->revision = 6;
	((uint8_t *)fadt)[FADT_MINOR] = 3;
	*(uint32_t *)((uint8_t *)fadt + FADT_FLAGS) |= FADT_APIC_PHYSICAL;
	sum_up(fadt);
}

void __attribute__((noreturn, used)) boot(uint32_t magic,
					  const struct mb_info *info)
{
	const struct mb_module *mod = (const void *)info->mods_addr;
	const char *cmdline;
	uint32_t entry;

	if (magic != MB_BOOTED || !(info->flags & MB_HAS_MMAP) ||
	    !(info->flags & MB_HAS_MODULES) || info->mods_count != 2)
		die("wants a memory map and two modules, vmlinux and initramfs");

	/* The loader puts the file's name first. */
	cmdline = (const char *)mod[0].cmdline;
	while (*cmdline && *cmdline != ' ')
		cmdline++;
	while (*cmdline == ' ')
		cmdline++;

	offer_late_cpus();
	take_mmap(info);
	initrd.paddr = mod[1].start;
	initrd.size = mod[1].end - mod[1].start;
	start_info.magic = PVH_MAGIC;
	start_info.version = 1;
	start_info.nr_modules = 1;
	start_info.modules = (uint32_t)&initrd;
	start_info.cmdline = (uint32_t)cmdline;
	start_info.mmap = (uint32_t)mmap;
	entry = load(mod[0].start);
	asm volatile("cli; jmp *%0" : : "r"(entry), "b"(&start_info));
	__builtin_unreachable();
}
