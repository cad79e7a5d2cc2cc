import fc from 'fast-check';
import type { ProviderFault } from '../provider/provider-faults';
import { digestAlgorithms } from './delivery-arbitraries';

/** Answers of a provider that are no success, and bodies that are not what they say (contract, section 2). */

const HOUR_MS = 3_600_000;
const two = (number: number): string => String(number).padStart(2, '0');

/** Dates long past, in the three forms that HTTP knows (RFC 9110, section 5.6.7): no reason to wait. */
const pastDates = fc
  .tuple(fc.integer({ min: 0, max: 400_000 }), fc.constantFrom('IMF-fixdate', 'RFC 850', 'asctime'))
  .map(([hours, form]) => {
    const date = new Date(hours * HOUR_MS);
    const [weekday = '', day = '', month = '', year = '', clock = ''] = date
      .toUTCString()
      .replace(',', '')
      .split(' ');
    if (form === 'IMF-fixdate') return date.toUTCString();
    const long = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'][
      date.getUTCDay()
    ];
    return form === 'RFC 850'
      ? `${long}, ${day}-${month}-${two(date.getUTCFullYear() % 100)} ${clock} GMT`
      : `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year}`;
  });

/** Seconds that are soon over, and what is no number of them: whoever reads it leniently reads little. */
const retryAfter: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('0', '0', '00', '1', '01', '0001') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        'soon',
        '-1',
        '',
        '1.5',
        '+1',
        '0x1',
        '1e0',
        '1s',
        '1, 1',
        '0, 5',
        '1;q=5',
        'NaN',
        '0.0',
        '-0',
        '1 1',
        ':',
        '"1"',
      ],
      ...['1970-01-01T00:00:00Z', 'Thu', '00:00:01', 'null', 'undefined'],
    ),
  },
  { weight: 2, arbitrary: pastDates },
);

/** Stands for the key of the call, which the provider repeats. */
export const KEY_OF_THE_CALL = '{the key of the call}';

/** What comes with a status; a listing too, which it does not make a success. */
const bodies = fc.constantFrom(
  '',
  '<!doctype html><title>Sign in</title>',
  '{"logs":[],"next_cursor":null}',
  `{"error":"the key ${KEY_OF_THE_CALL} was revoked"}`,
  `<p>Bearer ${KEY_OF_THE_CALL} is not known here.`,
  'no',
);

const unsaid = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof(fc.constant(undefined), arbitrary);

/** Answers of these statuses, with whatever may come with them. */
function answers(statuses: fc.Arbitrary<number>): fc.Arbitrary<ProviderFault> {
  return fc
    .record({ status: statuses, retryAfter: unsaid(retryAfter), body: unsaid(bodies) })
    .map(({ status, retryAfter: wait, body }) => ({
      kind: 'status' as const,
      status,
      ...(wait === undefined ? {} : { retryAfter: wait }),
      // HTTP knows these without a body alone.
      ...(body === undefined || [204, 205, 304].includes(status) ? {} : { body }),
    }));
}

/** Answers after which a call has to be tried again. */
export const transientFaults: fc.Arbitrary<ProviderFault> = fc.oneof(
  { weight: 4, arbitrary: answers(fc.constantFrom(429, 500, 501, 502, 503, 504, 505)) },
  { weight: 2, arbitrary: answers(fc.integer({ min: 500, max: 599 })) },
  { weight: 2, arbitrary: fc.constant({ kind: 'reset' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 20, 100).map((delayMs) => ({ kind: 'latency' as const, delayMs })),
  },
);

/** Answers after which a job has to fail. */
export const refusals: fc.Arbitrary<ProviderFault> = fc.oneof(
  { weight: 3, arbitrary: answers(fc.constantFrom(401, 403, 404, 408, 410, 418, 425, 451)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(301, 302, 303, 307, 308),
        fc.constantFrom('/elsewhere', '/health', 'http://127.0.0.1:1/', ''),
      )
      .map(([status, location]) => ({ kind: 'status' as const, status, location })),
  },
  {
    weight: 2,
    arbitrary: answers(
      fc
        .oneof(
          fc.integer({ min: 201, max: 226 }),
          fc.integer({ min: 300, max: 308 }),
          fc.integer({ min: 400, max: 499 }),
        )
        .filter((status) => status !== 429),
    ),
  },
);

const token = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789-'),
  minLength: 1,
  maxLength: 8,
});

const unknownCodings = fc.oneof(
  fc.constantFrom('aes128gcm', 'exi', 'pack200-gzip', 'gzip-x', 'utf-8', 'base64', 'binary', 'x-custom'),
  token.map((name) => `x-${name}`).filter((name) => name !== 'x-gzip'),
);

/** Codings that nobody has to undo, alone and with others; the body is in those that there are. */
const codings = fc.oneof(
  { weight: 3, arbitrary: unknownCodings },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom('gzip', 'br', 'deflate'),
        unknownCodings,
        fc.boolean(),
        fc.constantFrom(',', ', '),
      )
      .map(([known, unknown, isFirst, comma]) => (isFirst ? [known, unknown] : [unknown, known]).join(comma)),
  },
  { weight: 3, arbitrary: fc.constantFrom('gzip, gzip', 'br', 'deflate', 'gzip, br', 'br, gzip', 'zstd') },
);

const shares = fc.double({ min: 0, max: 1, noNaN: true });

/** Bodies that are not what they say they are: of payloads and listings alike, but for digests, which a listing has not. */
export const cutBodies: fc.Arbitrary<ProviderFault> = fc.oneof(
  { weight: 1, arbitrary: shares.map((share) => ({ kind: 'short-body' as const, share })) },
  { weight: 1, arbitrary: shares.map((share) => ({ kind: 'broken-chunks' as const, share })) },
  { weight: 1, arbitrary: shares.map((share) => ({ kind: 'cut-compression' as const, share })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cut-compression' as const, share: 1 }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'damaged-compression' as const }) },
  { weight: 4, arbitrary: codings.map((encoding) => ({ kind: 'unknown-encoding' as const, encoding })) },
);

/** A body that is not the one of its digests, of which SHA-256 is one. */
const corruptBodies: fc.Arbitrary<ProviderFault> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'corrupt-body' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('corrupt-body' as const),
      digestAlgorithms,
      gzip: fc.boolean(),
    }),
  },
);

export const spoiltPayloads: fc.Arbitrary<ProviderFault> = fc.oneof(
  { weight: 8, arbitrary: cutBodies },
  { weight: 5, arbitrary: corruptBodies },
  { weight: 1, arbitrary: fc.constant<ProviderFault>({ kind: 'emptied-body' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('none', 'its last characters', 'its first characters', 'all').map((wrong) => ({
      kind: 'wrong-digest' as const,
      wrong,
    })),
  },
);

/** Without a word, from the beginning or from the middle of the body on: a call times out, which takes long. */
export const silences: fc.Arbitrary<ProviderFault> = fc.constantFrom<ProviderFault>(
  { kind: 'silence' },
  { kind: 'stalled-body' },
);

/** Faults that an empty body does not show. */
export const NOTHING_TO_SPOIL: readonly ProviderFault['kind'][] = [
  'short-body',
  'broken-chunks',
  'corrupt-body',
  'emptied-body',
  'unknown-encoding',
  'stalled-body',
];
