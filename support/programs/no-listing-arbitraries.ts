import fc from 'fast-check';
import { respelt } from './refused-request';
import { TIME_SPELLINGS } from './refused-request-draws';

/** What a provider may send in place of a listing, and what is none by one thing that is wrong (contract, section 2). */

const GOOD = { timestamp: '2026-01-01T12:00:00Z' };

/** Values of any type. */
const anything = fc.constantFrom<unknown>(undefined, null, 0, 1, 1.5, true, false, 'x', [], {}, ['x'], {
  id: 'x',
});
const unless = (isRight: (value: unknown) => boolean) => anything.filter((value) => !isRight(value));
const isText = (value: unknown): boolean => typeof value === 'string';

/** Timestamps that lack what RFC 3339 asks for; any offset is right. */
const noTimestamps = fc.oneof(
  { weight: 1, arbitrary: unless(isText) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      ...['', 'yesterday', 'T', '12:00', '2026-01-01T12:00:00+24:00', '2026-01-01T12:00:00+05:60'],
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...TIME_SPELLINGS.filter((spelling) => spelling !== 'two hours east'))
      .map((spelling) => respelt(GOOD.timestamp, spelling)),
  },
);

const noIds = fc.oneof(
  unless(isText),
  fc.constantFrom<unknown>('.', '..', 'x'.repeat(201), '😀'.repeat(201), 'e\u0301'.repeat(101)),
);

type Spoiler = (entry: Readonly<Record<string, unknown>>) => unknown;

/** One entry that is wrong among others that are right. */
const wrongEntries: fc.Arbitrary<Spoiler> = fc.oneof(
  noIds.map((id) => (entry: object) => ({ ...entry, id })),
  // Of these there are the most.
  ...Array.from({ length: 3 }, () =>
    noTimestamps.map((timestamp) => (entry: object) => ({ ...entry, timestamp })),
  ),
  // Names mean what they say.
  fc.constantFrom('ID', 'Id', '_id', 'uuid').map((name) => ({ id, ...others }: Record<string, unknown>) => ({
    ...others,
    [name]: id,
  })),
  fc
    .constantFrom('Timestamp', 'time', 'timeStamp', '@timestamp')
    .map((name) => ({ timestamp, ...others }: Record<string, unknown>) => ({ ...others, [name]: timestamp })),
  unless((value) => typeof value === 'object' && !Array.isArray(value) && value !== null).map(
    (value) => () => value ?? null,
  ),
);

const entries = fc
  .record({
    right: fc.nat({ max: 3 }),
    at: fc.nat({ max: 3 }),
    spoil: wrongEntries,
  })
  .map(({ right, at, spoil }): readonly unknown[] => {
    const all: unknown[] = Array.from({ length: right }, (_, number) => ({ id: `evt-${number}`, ...GOOD }));
    all.splice(Math.min(at, right), 0, spoil({ id: 'evt-x', ...GOOD }));
    return all;
  });

const rightEntries = fc
  .nat({ max: 2 })
  .map((count) => Array.from({ length: count }, (_, number) => ({ id: `evt-${number}`, ...GOOD })));

/** Listings of which one member is wrong. */
const wrongMembers: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: entries.map((logs) => ({ logs, next_cursor: null })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        rightEntries,
        unless((value) => value === null || isText(value)),
      )
      .map(([logs, cursor]) => ({ logs, next_cursor: cursor })),
  },
  // Whoever takes that for the last page loses the others.
  { weight: 6, arbitrary: rightEntries.map((logs) => ({ logs })) },
  { weight: 2, arbitrary: unless(Array.isArray).map((logs) => ({ logs, next_cursor: null })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        rightEntries,
        fc.constantFrom(
          ['Logs', 'next_cursor'],
          ['logs', 'Next_Cursor'],
          ['logs', 'nextCursor'],
          ['data', 'next_cursor'],
        ),
      )
      .map(([logs, [list = '', cursor = '']]) => ({ [list]: logs, [cursor]: null })),
  },
  { weight: 1, arbitrary: fc.oneof(rightEntries, fc.constantFrom<unknown>(null, 0, 'logs', true, '{}')) },
);

const right = rightEntries.map((logs) => JSON.stringify({ logs, next_cursor: null }));

/** Texts that are no JSON, though a lenient reader might see a listing in them. */
const noJson: fc.Arbitrary<string | Buffer> = fc.oneof(
  fc
    .tuple(right, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([text, share]) => text.slice(0, Math.min(text.length - 1, Math.floor(share * text.length)))),
  fc
    .tuple(right, fc.constantFrom('}', '{}', ' true', ',', '\u0000', ';', '// end', ']'))
    .map(([text, after]) => `${text}${after}`),
  fc
    .tuple(right, fc.constantFrom(")]}',\n", '[', 'x', 'callback(', '\u0000'))
    .map(([text, before]) => `${before}${text}`),
  right.map((text) => text.replaceAll('"', "'")),
  right.map((text) => text.replace('null', 'NaN')),
  right.map((text) => text.replace(/}$/, ',}')),
  fc
    .constantFrom('ff', 'c0af', 'eda080', 'c3')
    .map((hex) =>
      Buffer.concat([
        Buffer.from('{"logs":[{"id":"evt-'),
        Buffer.from(hex, 'hex'),
        Buffer.from(`","timestamp":"${GOOD.timestamp}"}],"next_cursor":null}`),
      ]),
    ),
  fc.constantFrom('', ' ', '<!doctype html><p>We are back soon.', 'OK', 'upstream connect error'),
);

/** Any body that is no listing. */
export const noListings: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 4, arbitrary: wrongMembers.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: noJson },
);
