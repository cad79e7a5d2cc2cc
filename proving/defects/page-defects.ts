import type { ListingPage } from '../../reference-vault/provider-integration/provider-client';
import type { Defect } from './defect';
import { listing, requesting } from './part-changes';

/** Bugs in how a vault finds its way from page to page of a listing. */
export const pageDefects: readonly Defect[] = [
  paging(
    'listing-ends-at-an-empty-first-page',
    'takes an empty first page for an empty listing',
    (page, cursor) => (cursor === undefined && page.logs.length === 0 ? { ...page, nextCursor: null } : page),
  ),
  paging(
    'empty-last-page-refused',
    'takes a last page without logs for a listing that is none',
    (page, cursor) => {
      if (cursor !== undefined && page.nextCursor === null && page.logs.length === 0)
        throw new Error('The last page is empty.');
      return page;
    },
  ),
  paging('cursor-0-taken-for-none', 'asks whether a cursor counts as true once it is a number', (page) =>
    Number(page.nextCursor) === 0 ? { ...page, nextCursor: null } : page,
  ),
  paging('long-cursors-cut', 'keeps cursors in a column of 255 characters', (page) => ({
    ...page,
    nextCursor: page.nextCursor?.slice(0, 255) ?? null,
  })),
  {
    name: 'cursor-decoded-first',
    sentence: 'decodes a cursor before it encodes it, to be sure',
    requirement: 'API-20',
    replacements: requesting((path) =>
      path.replace(/cursor=([^&]*)/, (_all, cursor: string) => {
        const text = new URLSearchParams(`cursor=${cursor}`).get('cursor') ?? '';
        return `cursor=${encodeURIComponent(/%[0-9A-F]{2}/.test(text) ? decodeURIComponent(text) : text)}`;
      }),
    ),
  },
];

function paging(
  name: string,
  sentence: string,
  change: (page: ListingPage, cursor: string | undefined) => ListingPage,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-20',
    replacements: listing(async (list, providerId, range, cursor, signal) =>
      change(await list(providerId, range, cursor, signal), cursor),
    ),
  };
}
