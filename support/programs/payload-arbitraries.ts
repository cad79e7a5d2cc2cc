import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { lookalikes } from './lookalike-arbitraries';

/** Texts of JSON and what only looks like it, spelt in every way that a vault which parses them would spell differently. */

const words = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const joined = (parts: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> =>
  parts.map((texts) => texts.join(''));

const digits = fc.string({ unit: words(...'0123456789'), minLength: 1, maxLength: 25, size: 'max' });

const integers = fc.oneof(
  words('0', '-0', '1', '9007199254740993', '-9223372036854775809', '18446744073709551616'),
  digits.map((text) => text.replace(/^0+(?=.)/, '')),
);

const numbers = fc.oneof(
  words('1.0', '0.10', '1e5', '1E+05', '-0.0', '1e400', '5e-324', '0.1e-7', '100000000000000000000'),
  fc
    .tuple(
      words('', '-'),
      integers.map((text) => text.replace('-', '')),
      fc.oneof(
        words(''),
        digits.map((text) => `.${text}`),
      ),
      fc.oneof(
        words('', '', ''),
        fc
          .tuple(words('e', 'E'), words('', '+', '-'), words('0', '5', '05', '308', '999'))
          .map((parts) => parts.join('')),
      ),
    )
    .map((parts) => parts.join('')),
);

/** Pieces of a string literal, each a way to spell a character or a few. */
const pieces = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }).map(escapedAsNeeded) },
  {
    weight: 3,
    arbitrary: words(
      '\\/',
      '/',
      '\\b',
      '\\f',
      '\\n',
      '\\t',
      '\\"',
      '\\\\',
      '\\u0000',
      '\\u001F',
      '\\u001f',
      '\\u0041',
    ),
  },
  {
    weight: 2,
    arbitrary: words('\\ud800', '\\uDFFF', '\\ud83d\\ude00', '\\uD83D\\uDE00', '\\ude00\\ud83d', '😀', '𠜎'),
  },
  {
    weight: 2,
    arbitrary: words(
      'é',
      'e\u0301',
      '\\u00e9',
      '\u2028',
      '\u2029',
      '\ufeff',
      '\u202e',
      '\u00a0',
      '\u200b',
      'ﬁ',
      'İ',
      'ß',
      '\u007f',
    ),
  },
  {
    weight: 1,
    arbitrary: words(
      '</script>',
      '<!--',
      '&amp;',
      '%00',
      '\u001b[31m'.replace('\u001b', '\\u001b'),
      '2026-02-30T24:00:00Z',
    ),
  },
);

const strings = joined(fc.array(pieces, { maxLength: 6 })).map((text) => `"${text}"`);

const space = fc.oneof(
  { weight: 6, arbitrary: words('') },
  { weight: 3, arbitrary: words(' ', '\n', '\r\n', '\t', '  ', '\n    ') },
);

/** Few names, so that some come twice; some that programs reserve, some that sort as numbers. */
const keys = fc.oneof(
  {
    weight: 4,
    arbitrary: words('"a"', '"b"', '""', '"10"', '"2"', '"__proto__"', '"constructor"', '"\\u0061"'),
  },
  { weight: 1, arbitrary: strings },
);

const literals = words('null', 'true', 'false');

const { value: json } = fc.letrec<{ value: string; member: string; item: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 1, arbitrary: literals },
    { weight: 3, arbitrary: numbers },
    { weight: 3, arbitrary: strings },
    { weight: 2, arbitrary: enclosed('{', tie('member'), '}') },
    { weight: 2, arbitrary: enclosed('[', tie('item'), ']') },
  ),
  member: fc.tuple(space, keys, space, words(':'), space, tie('value'), space).map((parts) => parts.join('')),
  item: fc.tuple(space, tie('value'), space).map((parts) => parts.join('')),
}));

const NESTINGS = ['[', '{"a":', '[{"a":'] as const;
const CLOSINGS: Readonly<Record<(typeof NESTINGS)[number], string>> = {
  '[': ']',
  '{"a":': '}',
  '[{"a":': '}]',
};

/** Deeper than a recursive parser likes. */
const nested = fc
  .record({
    opening: fc.constantFrom(...NESTINGS),
    levels: fc.oneof(
      { weight: 9, arbitrary: fc.nat({ max: 2_000 }) },
      { weight: 1, arbitrary: fc.nat({ max: 100_000 }) },
    ),
    inner: literals,
  })
  .map(
    ({ opening, levels, inner }) => `${opening.repeat(levels)}${inner}${CLOSINGS[opening].repeat(levels)}`,
  );

const bytes = (text: string): Buffer => Buffer.from(text);

/** Documents between things that do not belong to JSON, and often come with it. */
const documents = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: words('') },
      { weight: 2, arbitrary: words('\ufeff', ' ', '\n', '\u0000', '\r\n', ")]}',\n") },
    ),
    json,
    fc.oneof(
      { weight: 5, arbitrary: words('') },
      { weight: 3, arbitrary: words('\n', ' ', '\r\n', '\u0000', '\n\n', ',', ' {}', '\u001a') },
    ),
  )
  .map((parts) => bytes(parts.join('')));

/** Bytes that are no UTF-8, alone or in the middle of a document. */
const invalid = fc
  .record({
    document: documents,
    at: fc.nat({ max: 100 }),
    broken: fc.oneof(
      fc
        .constantFrom('ff', 'c0af', 'e282', 'eda080', 'f4908080', 'fe', 'c3', '80')
        .map((hex) => Buffer.from(hex, 'hex')),
      fc.uint8Array({ minLength: 1, maxLength: 8 }).map((array) => Buffer.from(array)),
    ),
  })
  .map(({ document, at, broken }) => {
    const place = Math.round((at / 100) * document.byteLength);
    return Buffer.concat([document.subarray(0, place), broken, document.subarray(place)]);
  });

/** Documents in other encodings, and compressed ones. */
const encoded = fc
  .record({ document: documents, as: fc.constantFrom('utf16le', 'latin1', 'gzip', 'base64') })
  .map(({ document, as }) => {
    if (as === 'gzip') return gzipSync(document);
    if (as === 'base64') return bytes(document.toString('base64'));
    return Buffer.from(`\ufeff${document.toString()}`, as as BufferEncoding);
  });

const KIB = 1024;

/** Long documents, of a size at which something is known to end: a buffer, a chunk, a limit. */
function longAround(size: number): fc.Arbitrary<Buffer> {
  return fc
    .record({
      off: fc.integer({ min: -2, max: 2 }),
      filling: words('x', 'ß', '監', '😀', '\\u00e9'),
      tail: words('"]', '"]\n'),
    })
    .map(({ off, filling, tail }) => {
      const room = size + off - Buffer.byteLength(`["${tail}`);
      const width = Buffer.byteLength(filling);
      const text = `${'x'.repeat(room % width)}${filling.repeat(Math.floor(room / width))}`;
      return bytes(`["${text}${tail}`);
    });
}

/** Payloads of every kind that is known to break vaults, the small ones far more often than the large ones. */
export const payloads: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 1_500, arbitrary: documents },
  { weight: 1_500, arbitrary: lookalikes },
  { weight: 300, arbitrary: invalid },
  { weight: 200, arbitrary: encoded },
  {
    weight: 150,
    arbitrary: fc.uint8Array({ maxLength: 64, size: 'max' }).map((array) => Buffer.from(array)),
  },
  { weight: 100, arbitrary: nested.map(bytes) },
  { weight: 40, arbitrary: longAround(64 * KIB) },
  {
    weight: 40,
    arbitrary: fc.constantFrom(1, 4, 8, 16, 32, 100, 128, 256).chain((kib) => longAround(kib * KIB)),
  },
  { weight: 10, arbitrary: fc.constantFrom(1_000, 10_000, 65_535, 100_000).chain(longAround) },
  { weight: 40, arbitrary: longAround(KIB * KIB) },
  { weight: 4, arbitrary: longAround(5 * KIB * KIB) },
);

/**
 * The first payloads of a seed: those that a property of them is tried with (`fc.sample` gives others), so that fast-check finds
 * each of them again by its place.
 */
export function payloadsOf(seed: number, count: number): readonly Buffer[] {
  const found: Buffer[] = [];
  const property = fc.property(payloads, (payload) => {
    found.push(payload);
  });
  fc.check(property, { seed, numRuns: count });
  return found;
}

function enclosed(open: string, inner: fc.Arbitrary<string>, close: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(inner, { maxLength: 5 }), space)
    .map(([parts, blank]) => `${open}${parts.length === 0 ? blank : parts.join(',')}${close}`);
}

/** Escapes whatever no string literal may hold as it is. */
function escapedAsNeeded(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
