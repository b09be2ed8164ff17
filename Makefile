# SPDX-License-Identifier: GPL-2.0-only
# For people.  kbuild reads Kbuild; `make help` lists what can be asked for.
#
# Nothing is built in the tree: sources are copied to build/<kernel release>/
# and built there, so that kernels do not get in each other's way.

VERSION := $(shell scripts/version)
# A dkms.conf with the version of a snapshot, for what leaves the tree.
STAMP = sed 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="$(VERSION)"/'

# The running kernel if its headers are here, else the newest headers.
KVER ?= $(shell r=$$(uname -r); [ -e /lib/modules/$$r/build ] && echo $$r || \
	  ls -d /usr/src/linux-headers-*[a-z0-9]-amd64 \
		/usr/src/linux-headers-*-generic 2>/dev/null | \
	  sed 's,.*/linux-headers-,,' | sort -V | tail -n 1)
ifdef KDIR
KVER := $(shell cat $(KDIR)/include/config/kernel.release)
else
KDIR := $(firstword $(wildcard /lib/modules/$(KVER)/build \
			       /usr/src/linux-headers-$(KVER)))
endif

OUT := $(CURDIR)/build
include tools/quiet.mk
# As people are told of it.
OUT_SHOWN = $(patsubst $(CURDIR)/%,%,$(OUT))
KOUT := $(OUT)/$(KVER)
STAGE := $(KOUT)/stage
# Modules that only tests load; never part of what DKMS builds.
TEST_MODULES := $(patsubst %/Kbuild,%,$(wildcard examples/*/Kbuild \
		  tests/emul/Kbuild tests/emul_td/Kbuild tests/modules/Kbuild))
# Guests that unit tests and a test module have in common.
GUESTS := $(addprefix tests/unit/model/,guest.inc guests.S guests_x86.S \
	    guests_apic.S)
# Passed on to kbuild: W=1, C=2, LLVM=1 ...
KMAKE = $(MAKE) --no-print-directory -C $(KDIR)
# COVERAGE=1, for a kernel with CONFIG_GCOV_KERNEL: the modules that ship, and
# no others, count how often each line is executed, on all CPUs.
COVERED = $(if $(COVERAGE),GCOV_PROFILE=y KCFLAGS=-fprofile-update=atomic)

.DEFAULT_GOAL := modules

##@ Building (V=1 shows commands)
.PHONY: modules
modules: ## build the modules and the test modules (KVER=, KDIR=)
	@[ -n "$(KDIR)" ] && [ -d "$(KDIR)" ] || { \
		echo "No kernel headers for '$(KVER)': install linux-headers-$(KVER), or say KVER= or KDIR=" >&2; exit 1; }
	@mkdir -p $(STAGE) $(KOUT)/tests
	@flock $(KOUT)/.lock $(MAKE) --no-print-directory staged-modules
	$(call result,$(KOUT:$(CURDIR)/%=%): tdx_host.ko and tdx_guest_call.ko; modules for tests are in tests/)

.PHONY: staged-modules
staged-modules:
	$(Q)tar -c Kbuild asm include src $(TEST_MODULES) $(GUESTS) | tar -x -C $(STAGE)
	$(Q)$(STAMP) dkms.conf >$(STAGE)/dkms.conf
	+$(Q)$(KMAKE) M=$(STAGE) $(COVERED) modules
	$(Q)cp $(STAGE)/tdx_host.ko $(STAGE)/tdx_guest_call.ko \
		$(STAGE)/Module.symvers $(KOUT)/
	+$(Q)for dir in $(TEST_MODULES); do \
		$(KMAKE) M=$(STAGE)/$$dir modules \
			KBUILD_EXTRA_SYMBOLS=$(STAGE)/Module.symvers && \
		cp $(STAGE)/$$dir/*.ko $(KOUT)/tests/ || exit 1; \
	done

.PHONY: tools
tools: ## build tdx-host, the command-line tool, into build/tools
	@$(MAKE) --no-print-directory -C tools OUT=$(OUT) VERSION=$(VERSION)
	$(call result,$(OUT_SHOWN)/tools/tdx-host)

.PHONY: test-tools
test-tools: ## build tdx-model and tdmr-layout into build/tools
	@$(MAKE) --no-print-directory -C tests/unit/model OUT=$(OUT) tools
	@$(MAKE) --no-print-directory -C tests/unit/tdmr OUT=$(OUT) tools
	$(call result,$(OUT_SHOWN)/tools/tdx-model $(OUT_SHOWN)/tools/tdmr-layout)

.PHONY: doc
doc: ## manual pages and HTML of the public headers, into build/doc
	@[ -n "$(KDIR)" ] || { \
		echo "No kernel headers, which bring kernel-doc: run scripts/setup, or say KDIR=" >&2; exit 1; }
	$(call say,DOC,$(OUT)/doc)scripts/doc $(KDIR) $(OUT)/doc
	$(call result,$(OUT_SHOWN)/doc: html/index.html; or man -M $(OUT_SHOWN)/doc tdx_host_enable)

##@ Installing
# All packages are made of these.  Modules come from DKMS, which looks for their
# source in /usr/src alone.
PREFIX ?= /usr
SOURCE = $(DESTDIR)/usr/src/tdx_host-$(VERSION)
KVM_SOURCE = $(DESTDIR)/usr/src/tdx-host-kvm-$(VERSION)
BIN = $(DESTDIR)$(PREFIX)/bin
MAN = $(DESTDIR)$(PREFIX)/share/man
COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
UNITDIR ?= $(PREFIX)/lib/systemd/system
DOCDIR ?= $(PREFIX)/share/doc/tdx_host
DOC = $(DESTDIR)$(DOCDIR)

.PHONY: install
install: install-source install-common install-tools install-doc ## all that follows (PREFIX=/usr, DESTDIR=)

.PHONY: install-source
install-source: ## the source for DKMS, into /usr/src
	@install -d $(SOURCE)/scripts
	@cp -R Kbuild COPYING asm include src $(SOURCE)/
	@$(STAMP) dkms.conf >$(SOURCE)/dkms.conf
	@install scripts/dkms-* $(SOURCE)/scripts/
	@echo $(SOURCE)

# Not part of install: it is for Debian's kernels alone.
.PHONY: install-kvm
install-kvm: ## what builds KVM with TDX by DKMS, of Debian's own source
	@install -d $(KVM_SOURCE)
	@cp -R kvm/* include COPYING $(KVM_SOURCE)/
	@$(STAMP) kvm/dkms.conf >$(KVM_SOURCE)/dkms.conf
	@echo $(KVM_SOURCE)

.PHONY: install-common
install-common: ## manual pages of the modules, systemd unit tdx-host (off)
	@install -d $(MAN)/man4 $(DESTDIR)$(UNITDIR)
	@install -m 644 docs/man/*.4 $(MAN)/man4/
	@install -m 644 packaging/systemd/tdx-host.service $(DESTDIR)$(UNITDIR)/
	@ls $(MAN)/man4/tdx_* $(DESTDIR)$(UNITDIR)/tdx-host.service

.PHONY: install-tools
install-tools: tools ## the tool tdx-host, its manual page and completion
	@install -d $(BIN) $(MAN)/man1
	@install $(OUT)/tools/tdx-host $(BIN)/
	@install -m 644 docs/man/tdx-host.1 $(MAN)/man1/
	@[ ! -e $(OUT)/tools/tdx-host.bash ] || \
		install -D -m 644 $(OUT)/tools/tdx-host.bash \
			$(COMPLETIONS)/tdx-host
	@ls $(BIN)/tdx-host $(MAN)/man1/tdx-host.1

.PHONY: install-doc
install-doc: ## documents, examples (DOCDIR=)
	@install -d $(DOC)
	@install -m 644 README.md CHANGELOG.md docs/*.md $(DOC)/
	@cp -R docs/ABI $(DOC)/
	@find examples -type f ! -name '*.mod.c' \( -name '*.[chS]' -o \
		-name Kbuild -o -name Makefile -o -name dkms.conf -o \
		-name '*.md' -o -name '*.rules' \) | while read -r f; do \
			install -D -m 644 $$f $(DOC)/$$f || exit 1; \
		done
	@echo $(DOC)

.PHONY: install-headers
install-headers: ## the public headers alone, where DKMS has them
	@install -d $(SOURCE)
	@cp -R include $(SOURCE)/
	@echo $(SOURCE)/include

##@ Packaging
TARBALL = $(OUT)/tdx_host-$(VERSION).tar.gz

.PHONY: dist
dist: ## make build/tdx_host-VERSION.tar.gz for DKMS, of what is committed
	@mkdir -p $(OUT)
	@[ -e .git ] || { \
		echo "make dist packs what is committed: there is no git here" >&2; \
		exit 1; }
	@changed=$$(git status --porcelain); [ -z "$$changed" ] || \
		printf 'not committed, and not in the tarball:\n%s\n' \
			"$$changed" >&2
	@conf=$$(git show HEAD:dkms.conf | $(STAMP); echo .) && \
	git archive \
		--add-virtual-file="tdx_host-$(VERSION)/dkms.conf:$${conf%.}" \
		--prefix=tdx_host-$(VERSION)/ -o $(TARBALL) \
		HEAD . ':!dkms.conf'
	@echo $(OUT_SHOWN)/tdx_host-$(VERSION).tar.gz

.PHONY: deb
deb: dist ## make build/deb/*.deb, and Debian's source package
	@rm -rf $(OUT)/deb
	@packaging/deb $(TARBALL) $(OUT)/deb >$(OUT)/deb.log 2>&1 || \
		{ cat $(OUT)/deb.log >&2; exit 1; }
	@ls $(OUT_SHOWN)/deb/*.deb

.PHONY: rpm
rpm: dist ## make build/rpm: RPMs in DKMS style, and their sources
	@rm -rf $(OUT)/rpm
	@packaging/rpm/build $(TARBALL) $(OUT)/rpm >$(OUT)/rpm.log 2>&1 || \
		{ cat $(OUT)/rpm.log >&2; exit 1; }
	@find $(OUT_SHOWN)/rpm -name '*.rpm' | sort

.PHONY: arch
arch: dist ## make build/arch: PKGBUILD and its source, for makepkg
	@rm -rf $(OUT)/arch && mkdir $(OUT)/arch && cp $(TARBALL) $(OUT)/arch/
	@sum=$$(sha256sum <$(TARBALL)) && sed -e "s/^pkgver=.*/pkgver=$(VERSION)/" \
		-e "s/^sha256sums=.*/sha256sums=('$${sum%% *}')/" \
		packaging/arch/PKGBUILD >$(OUT)/arch/PKGBUILD
	@ls $(OUT_SHOWN)/arch/*

.PHONY: clean
clean: ## remove everything that was built
	$(Q)rm -rf $(OUT)

##@ Testing
.PHONY: demo
demo: ## show in a virtual machine what the module does
	@scripts/demo

.PHONY: check
check: ## unit tests, VM scenarios, DKMS, static checks: N passed, N failed
	@tests/run-checks

.PHONY: check-long
check-long: ## check, and what takes long: full property tests, long scenarios, analyzers
	@tests/run-checks --long

.PHONY: fuzz
fuzz: ## random input for what reads input, each 10 minutes (FUZZ_SECONDS=600)
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) tests/fuzz/run

.PHONY: check-kernels
check-kernels: ## every scenario on every kernel (KERNELS="6.1 7.3", FLAVOURS=, LONG=1)
	@tests/kernels/run $(if $(LONG),--long)

.PHONY: check-kvm
check-kvm: ## KVM with TDX: builds for stock kernels, and TDs by it, in Bochs
	@tests/kvm/check.sh

.PHONY: check-kvm-chroot
check-kvm-chroot: ## the package with KVM, in Debian 13: install, upgrade, remove
	@tests/kvm/chroot

.PHONY: check-td-linux
check-td-linux: ## Linux boots in a TD, in Bochs, on stock 6.1 and 7.3
	@tests/linux-td/check.sh

.PHONY: check-analyzers
check-analyzers: ## clang's analyzer, the kernel's coccinelle scripts
	@for p in clang spatch; do command -v $$p >/dev/null || { \
		echo "$$p is not here: 'CHECK_LONG=1 scripts/setup' installs it" >&2; \
		exit 1; }; \
	done
	@tests/run-checks --long static-analyzer static-cocci

.PHONY: check-debug
check-debug: ## the same on kernels with KASAN, lockdep, kmemleak, KCSAN... (LONG=1)
	@tests/debug/run $(if $(LONG),--long)

.PHONY: check-debug-canary
check-debug-canary: ## are faults caught that are made on purpose?
	@tests/debug/canary

.PHONY: soak
soak: ## what comes by chance, in many threads (MINUTES=10, SEED=, KERNEL=kasan)
	@tests/soak/run $(if $(MINUTES),--minutes '$(MINUTES)') \
		$(if $(SEED),--seed '$(SEED)') \
		$(if $(KERNEL),--kernel '$(KERNEL)') \
		$(if $(KINDS),--kinds '$(KINDS)')

.PHONY: coverage
coverage: ## which lines of src/ the tests reach: a table, and 95 % at least
	@tests/coverage/run

.PHONY: check-dkms-chroots
check-dkms-chroots: ## the package, and DKMS alone, in Debian 12 and 13
	@tests/dkms/chroots

.PHONY: check-consumer-chroots
check-consumer-chroots: ## a module on tdx_host, by DKMS, in Debian 12 and 13
	@tests/dkms/chroots --consumer

.PHONY: check-secureboot
check-secureboot: ## a VM with Secure Boot: signed modules load, others do not
	@tests/secureboot/check.sh

.PHONY: check-autopkgtest
check-autopkgtest: ## the tests of Debian's packages, in Debian 12 and 13
	@tests/dkms/chroots --autopkgtest

.PHONY: bench
bench: ## figures, as JSON on stdout and as a table on stderr
	@tests/bench/run

.PHONY: support-matrix
support-matrix: ## put the last table of check-kernels into README.md
	@tests/kernels/matrix

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-23s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  kernel: KVER=$(KVER)"
	@echo "          KDIR=$(KDIR)"
