import type { ListingPage } from '../../reference-vault/provider-integration/provider-client';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { listing, requesting } from './part-changes';

/** Bugs in how a vault finds its way from page to page of a listing. */
export const pageDefects: readonly Defect[] = breaking('API-20', {
  'listing-ends-at-an-empty-first-page: takes an empty first page for an empty listing': paging(
    (page, cursor) => (cursor === undefined && page.logs.length === 0 ? { ...page, nextCursor: null } : page),
  ),
  'empty-last-page-refused: takes a last page without logs for a listing that is none': paging(
    (page, cursor) => {
      if (cursor !== undefined && page.nextCursor === null && page.logs.length === 0)
        throw new Error('The last page is empty.');
      return page;
    },
  ),
  'cursor-0-taken-for-none: asks whether a cursor counts as true once it is a number': paging((page) =>
    Number(page.nextCursor) === 0 ? { ...page, nextCursor: null } : page,
  ),
  'long-cursors-cut: keeps cursors in a column of 255 characters': paging((page) => ({
    ...page,
    nextCursor: page.nextCursor?.slice(0, 255) ?? null,
  })),
  'cursor-decoded-first: decodes a cursor before it encodes it, to be sure': requesting((path) =>
    path.replace(/cursor=([^&]*)/, (_all, cursor: string) => {
      const text = new URLSearchParams(`cursor=${cursor}`).get('cursor') ?? '';
      return `cursor=${encodeURIComponent(/%[0-9A-F]{2}/.test(text) ? decodeURIComponent(text) : text)}`;
    }),
  ),
});

function paging(change: (page: ListingPage, cursor: string | undefined) => ListingPage): Change {
  return listing(async (list, providerId, range, cursor, signal) =>
    change(await list(providerId, range, cursor, signal), cursor),
  );
}
