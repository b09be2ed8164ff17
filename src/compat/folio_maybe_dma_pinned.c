// SPDX-License-Identifier: GPL-2.0-only
/* 5.18: folio_maybe_dma_pinned(); 6.12 lacks page_maybe_dma_pinned(). */
#include <linux/mm.h>
bool probe(struct folio *folio);
bool probe(struct folio *folio)
{
	return folio_maybe_dma_pinned(folio);
}
