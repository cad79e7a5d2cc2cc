import fc from 'fast-check';

/** Values as JSON texts, so that a step can be kept in a file; `missing` leaves the member out. */
type JsonText = string;

/** How one of a request's members is wrong. */
interface WrongMember {
  readonly kind: 'member';
  /** From the outside in. */
  readonly path: readonly string[];
  readonly value: JsonText | 'missing';
}

/** What is wrong with a request that is right otherwise, and how it has to be refused. */
export type RequestSpoiler =
  | WrongMember
  /** One of the right values with characters put in, taken out or changed. */
  | { readonly kind: 'respelt'; readonly path: readonly string[]; readonly how: Respelling }
  /** The text of the body cut off, or with something before or after it. */
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'around'; readonly before: string; readonly after: string }
  | { readonly kind: 'in UTF-16' }
  /** The range ends no later than it begins, by so many of its decimals. */
  | { readonly kind: 'reversed'; readonly start: string; readonly end: string }
  /** Longer than 64 KiB (contract, section 1). */
  | { readonly kind: 'bytes'; readonly bytes: number; readonly announced: boolean }
  | { readonly kind: 'declared'; readonly as: string | null };

/** Changes that make of a timestamp what is none, and of a name that is known one that is not. */
export type Respelling = (typeof TIME_SPELLINGS)[number] | (typeof NAME_SPELLINGS)[number];

export const TIME_SPELLINGS = [
  'without T',
  'with a blank for T',
  'without Z',
  'in lower-case words',
  'two hours east',
  'with +0000',
  'with a comma',
  'with an empty fraction',
  'on the 30th of February',
  'in the 13th month',
  'on the day 00',
  'at 24:00',
  'at minute 60',
  'at second 61',
  'without seconds',
  'with a blank before it',
  'with a blank behind it',
  'in seconds since 1970',
  'as a date',
] as const;

export const NAME_SPELLINGS = [
  'in capitals',
  'with a blank behind',
  'with a blank in front',
  'without its last letter',
  'as a path',
  'with a null behind',
] as const;

const scalars = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, '', ' '),
  fc.integer({ min: -(2 ** 40), max: 2 ** 45 }),
  fc.string({ maxLength: 8 }),
);
const others = fc.oneof(
  scalars,
  fc.array(scalars, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('$gt', '$ne', 'start', 'length', 'x'), scalars, { maxKeys: 2 }),
);

const wrong = (path: readonly string[], values: fc.Arbitrary<unknown>): fc.Arbitrary<RequestSpoiler> =>
  fc
    .oneof(
      { weight: 1, arbitrary: fc.constant('missing') },
      { weight: 6, arbitrary: values.map((value) => JSON.stringify(value)) },
    )
    .map((value) => ({ kind: 'member', path, value }));

const noText = others.filter((value) => typeof value !== 'string');
const noRange = others.filter((value) => !(typeof value === 'object' && value !== null && 'start' in value));

const respelt = (
  paths: readonly (readonly string[])[],
  spellings: readonly Respelling[],
): fc.Arbitrary<RequestSpoiler> =>
  fc.record({
    kind: fc.constant('respelt' as const),
    path: fc.constantFrom(...paths),
    how: fc.constantFrom(...spellings),
  });

const LIMIT_BYTES = 64 * 1024;

/** What is wrong with the request as a whole, whatever it is about. */
const whole: fc.Arbitrary<RequestSpoiler> = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ kind: 'cut' as const, share })),
  fc
    .record({
      before: fc.constantFrom('', '', '[', '{', 'x', "'", '\u0000', 'null,'),
      after: fc.constantFrom('', '}', ',', ' true', '{}', '\u0000', ' // x', '"'),
    })
    .filter(({ before, after }) => before !== '' || after !== '')
    .map((around) => ({ kind: 'around' as const, ...around })),
  fc.constant({ kind: 'in UTF-16' as const }),
  fc.record({
    kind: fc.constant('bytes' as const),
    bytes: fc.oneof(fc.constant(LIMIT_BYTES + 1), fc.integer({ min: LIMIT_BYTES + 1, max: 2 * LIMIT_BYTES })),
    announced: fc.boolean(),
  }),
  fc
    .constantFrom(
      null,
      'text/plain',
      'text/json',
      'application/xml',
      'application/jsonlines',
      'application/ld+json',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    )
    .map((as) => ({ kind: 'declared' as const, as })),
);

const END = ['range', 'end'] as const;
const START = ['range', 'start'] as const;

/** What is wrong with an ingestion. */
export const ingestionSpoilers: fc.Arbitrary<RequestSpoiler> = fc.oneof(
  { weight: 2, arbitrary: wrong(['provider_id'], others) },
  { weight: 2, arbitrary: wrong(['range'], noRange) },
  { weight: 2, arbitrary: fc.constantFrom(START, END).chain((path) => wrong(path, others)) },
  {
    weight: 2,
    arbitrary: fc.oneof(others, fc.constantFrom(null, 'HIGH', 'urgent', 'normal ', 'Low')).map((value) => ({
      kind: 'member' as const,
      path: ['priority'],
      value: JSON.stringify(value),
    })),
  },
  { weight: 4, arbitrary: respelt([START, END], TIME_SPELLINGS) },
  { weight: 2, arbitrary: respelt([['provider_id']], NAME_SPELLINGS) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        ['Z', 'Z'],
        ['Z', '+00:00'],
        ['.0Z', 'Z'],
        ['.5Z', 'Z'],
        ['.000000001Z', 'Z'],
        ['.0000002Z', '.0000001Z'],
        ['.500Z', '.5Z'],
      )
      .map(([start = '', end = '']) => ({ kind: 'reversed' as const, start, end })),
  },
  { weight: 6, arbitrary: whole },
);

/** What is wrong with the test of a key. */
export const keyTestSpoilers: fc.Arbitrary<RequestSpoiler> = fc.oneof(
  { weight: 2, arbitrary: wrong(['provider_type'], others) },
  { weight: 2, arbitrary: wrong(['api_key'], fc.oneof(noText, fc.constant(''))) },
  { weight: 2, arbitrary: respelt([['provider_type']], NAME_SPELLINGS) },
  { weight: 4, arbitrary: whole },
);
