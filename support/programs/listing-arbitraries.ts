import fc from 'fast-check';
import type { ListingText } from '../provider/listing-text';
import type { ListingOrder } from '../provider/provider-listing';
import type { ProviderScript } from '../provider/provider-script';

/** How a provider lists: into which pages, by which cursors, in which words. */
export interface ListingStyle {
  readonly pageLogs: number;
  readonly emptyPages: number;
  readonly emptyEnds: boolean;
  readonly listingOrder: ListingOrder;
  readonly compressedListings: boolean;
  readonly cursorTexts: readonly string[];
  readonly listingText: ListingText | undefined;
}

/** As a provider usually lists. */
export const PLAIN_LISTING: ListingStyle = {
  pageLogs: 100,
  emptyPages: 0,
  emptyEnds: false,
  listingOrder: 'as offered',
  compressedListings: false,
  cursorTexts: [],
  listingText: undefined,
};

/** Any text is a cursor; some look like none, or like the end. */
const cursorTexts = fc.uniqueArray(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ...'0 1 -1 null undefined false true end last [] {} "" NaN %00 %2F .. ../ / ? & = # + ; \\ {cursor} 1e3'.split(
          ' ',
        ),
        ...[
          '',
          ' ',
          '  2',
          'page 2',
          '%',
          '%zz',
          '&start=2001-01-01T00:00:00Z',
          'http://127.0.0.1/',
          '\t',
          '監',
          '😀',
        ],
      ),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(255, 256, 1_024, 2_000, 4_000).map((length) => 'c'.repeat(length)),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ minLength: 16, maxLength: 60 })
        .map((bytes) => Buffer.from(bytes).toString('base64')),
    },
  ),
  { maxLength: 6 },
);

const values = fc.constantFrom(
  ...[
    'null',
    'false',
    'true',
    '0',
    '1',
    '1000',
    '"x"',
    '""',
    '[]',
    '{}',
    '"2001-01-01T00:00:00Z"',
    '1e400',
    '-0',
  ],
  ...['[{"id":"evt-1","timestamp":"2026-01-01T12:00:00Z"}]', '{"next":null}', `"${'x'.repeat(500)}"`],
);

const members = (names: string) =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...names.split(' ')), values), {
    maxLength: 4,
    selector: ([name]) => name,
  });

const listingTexts: fc.Arbitrary<ListingText> = fc.record({
  envelope: members(
    'has_more next cursor error errors total count page limit truncated Logs LOGS data meta next_page_token Next_Cursor __proto__ constructor status message links',
  ),
  entry: members(
    'ID Id _id Timestamp time date type size bytes checksum deleted payload url href version error __proto__ constructor toString uuid next_cursor logs',
  ),
  spelling: fc.constantFrom(
    'plain' as const,
    'plain' as const,
    'over many lines' as const,
    'escaped' as const,
  ),
  othersFirst: fc.boolean(),
  cursorFirst: fc.boolean(),
  contentType: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'Application/JSON'),
});

/** Any way in which a provider may list. */
export const listingStyles: fc.Arbitrary<ListingStyle> = fc.record({
  pageLogs: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(1, 2, 3) },
    { weight: 4, arbitrary: fc.constantFrom(100, 99, 101, 250, 1_000, 2_000, 10_000) },
  ),
  emptyPages: fc.constantFrom(0, 0, 1, 2),
  emptyEnds: fc.constantFrom(false, false, true),
  listingOrder: fc.constantFrom(
    'as offered' as const,
    'as offered' as const,
    'last offered first' as const,
    'by id' as const,
  ),
  compressedListings: fc.constantFrom(false, false, true),
  cursorTexts,
  listingText: fc.oneof(fc.constant(undefined), listingTexts),
});

/** Has a provider list so. */
export function listAs(provider: ProviderScript, style: ListingStyle): void {
  Object.assign(provider, style);
}
