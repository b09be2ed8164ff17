# SPDX-License-Identifier: GPL-2.0-only
# How what is built here says so, as kbuild does: a short line for each command,
# with V=1 the command itself, with -s nothing.  Begins recipes:
#
#	$(call say,CC,$@)cc ...		and $(Q) those with nothing to say

ifneq ($(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),)
SILENT := yes
endif
ifeq ($(V),1)
Q :=
say =
else
Q := @
say = @$(if $(SILENT),,printf '  %-7s %s\n' '$(1)' '$(2:$(OUT)/%=%)';)
endif
# Ends what a person asked for: where it is.
result = @$(if $(SILENT),:,echo '$(1)')
