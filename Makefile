# SPDX-License-Identifier: GPL-2.0-only
# For people.  kbuild reads Kbuild; `make help` lists what can be asked for.
#
# Nothing is built in the tree: sources are copied to build/<kernel release>/
# and built there, so that kernels do not get in each other's way.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

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
# Where DKMS puts them with the rest of the source.
HEADERS := /usr/src/tdx_host-$(VERSION)/include
KOUT := $(OUT)/$(KVER)
STAGE := $(KOUT)/stage
# Modules that only tests load; never part of what DKMS builds.
TEST_MODULES := $(patsubst %/Kbuild,%,$(wildcard tests/emul/Kbuild \
						 tests/emul_td/Kbuild \
						 tests/consumer/Kbuild \
						 tests/vm/modules/Kbuild))
# Passed on to kbuild: W=1, C=2, LLVM=1 ...
KMAKE = $(MAKE) --no-print-directory -C $(KDIR)

.DEFAULT_GOAL := modules

##@ Building
.PHONY: modules
modules: ## build the modules and the test modules (KVER=, KDIR=)
	@[ -n "$(KDIR)" ] && [ -d "$(KDIR)" ] || { \
		echo "No kernel headers for '$(KVER)': install linux-headers-$(KVER), or say KVER= or KDIR=" >&2; exit 1; }
	@mkdir -p $(STAGE) $(KOUT)/tests
	@flock $(KOUT)/.lock $(MAKE) --no-print-directory -s staged-modules

.PHONY: staged-modules
staged-modules:
	tar -c Kbuild asm include src scripts/compat $(TEST_MODULES) | \
		tar -x -C $(STAGE)
	+$(KMAKE) M=$(STAGE) modules
	cp $(STAGE)/tdx_host.ko $(STAGE)/tdx_guest_call.ko \
		$(STAGE)/Module.symvers $(KOUT)/
	+for dir in $(TEST_MODULES); do \
		$(KMAKE) M=$(STAGE)/$$dir modules \
			KBUILD_EXTRA_SYMBOLS=$(STAGE)/Module.symvers && \
		cp $(STAGE)/$$dir/*.ko $(KOUT)/tests/ || exit 1; \
	done

.PHONY: tools
tools: ## build the user-space tools into build/tools
	@$(MAKE) --no-print-directory -C tests/unit/model OUT=$(OUT) tools
	@$(MAKE) --no-print-directory -C tests/unit/tdmr OUT=$(OUT) tools
	@$(MAKE) --no-print-directory -f scripts/Makefile.tools OUT=$(OUT)

.PHONY: install-headers
install-headers: ## put the public headers where DKMS does (DESTDIR=)
	@install -d $(DESTDIR)$(HEADERS)/tdx_host
	@install -m 644 include/tdx_host/* $(DESTDIR)$(HEADERS)/tdx_host/
	@echo $(DESTDIR)$(HEADERS)

.PHONY: dist
dist: ## make build/tdx_host-VERSION.tar.gz for DKMS
	@mkdir -p $(OUT)
	@git archive --prefix=tdx_host-$(VERSION)/ \
		-o $(OUT)/tdx_host-$(VERSION).tar.gz HEAD
	@echo build/tdx_host-$(VERSION).tar.gz

.PHONY: deb
deb: dist ## make build/deb/tdx-host-dkms_*.deb, and Debian's source package
	@rm -rf $(OUT)/deb
	@packaging/deb $(OUT)/tdx_host-$(VERSION).tar.gz $(OUT)/deb \
		> $(OUT)/deb.log 2>&1 || { cat $(OUT)/deb.log >&2; exit 1; }
	@ls -d build/deb/*.deb

.PHONY: clean
clean: ## remove everything that was built
	rm -rf $(OUT)

##@ Testing
.PHONY: demo
demo: ## show in a virtual machine what the module does
	@scripts/run-demo

.PHONY: check
check: ## unit tests, VM scenarios, DKMS, static checks: N passed, N failed
	@scripts/run-checks

.PHONY: check-long
check-long: ## check, and what takes long: full property tests, long scenarios, analyzers
	@scripts/run-checks --long

.PHONY: check-kernels
check-kernels: ## every scenario on every kernel (KERNELS="6.1 7.3", FLAVOURS=, LONG=1)
	@scripts/kernels/check $(if $(LONG),--long)

.PHONY: check-analyzers
check-analyzers: ## clang's analyzer, the kernel's coccinelle scripts
	@scripts/run-checks --long static-analyzer static-cocci

.PHONY: check-debug
check-debug: ## the same on kernels with KASAN, lockdep, kmemleak, KCSAN... (LONG=1)
	@scripts/debug-kernel/check $(if $(LONG),--long)

.PHONY: check-debug-canary
check-debug-canary: ## are faults caught that are made on purpose?
	@scripts/debug-kernel/canary

.PHONY: check-dkms-chroots
check-dkms-chroots: ## the package, and DKMS alone, in Debian 12 and 13
	@tests/dkms-chroot/run

.PHONY: check-consumer-chroots
check-consumer-chroots: ## a module on tdx_host, by DKMS, in Debian 12 and 13
	@tests/dkms-chroot/run --consumer

.PHONY: bench
bench: ## bring-up with one CPU and with two: times and their ratio
	@tests/bench/run

.PHONY: support-matrix
support-matrix: ## put the last table of check-kernels into README.md
	@scripts/kernels/matrix

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-23s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  kernel: KVER=$(KVER)"
	@echo "          KDIR=$(KDIR)"
