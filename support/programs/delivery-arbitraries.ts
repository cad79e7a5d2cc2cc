import fc from 'fast-check';
import type { PayloadDelivery } from '../provider/offered-log';

/** The ways in which payloads travel; none of them is part of the payload. */

const blank = fc.constantFrom('', '', ' ', '\t');
const parameter = fc.constantFrom(
  'charset=utf-8',
  'charset="UTF-8"',
  'charset=us-ascii',
  'profile="https://example.com/event"',
  'profile="a;b, c"',
  'v=1',
  'boundary=x',
);

/** `application/json` in every spelling that media types allow. */
const mediaTypes: fc.Arbitrary<string> = fc
  .record({
    name: fc.constantFrom('application/json', 'application/json', 'Application/JSON', 'APPLICATION/JSON'),
    before: blank,
    after: blank,
    parameters: fc.array(parameter, { maxLength: 2 }),
  })
  .map(({ name, before, after, parameters }) =>
    [name, ...parameters.map((each) => `${before};${after}${each}`)].join(''),
  );

/** Once in `oneIn` times; nothing otherwise. */
const optional = <T>(arbitrary: fc.Arbitrary<T>, oneIn = 2): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Digests by algorithms that are old, not registered, or only sound like one that is. */
const foreignDigests = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(
        'id-sha-256',
        'crc32c',
        'unixsum',
        'adler',
        'sha-256-',
        'x-sha-256',
        'sha3-256',
        'blake3',
        '*',
      ),
      fc.uint8Array({ minLength: 1, maxLength: 32 }),
    )
    .map(([name, bytes]) => `${name}=:${Buffer.from(bytes).toString('base64')}:`),
  { minLength: 1, maxLength: 2 },
);

/** Digests by the algorithms there are, SHA-256 at any place among them. */
export const digestAlgorithms = fc
  .shuffledSubarray(['sha-512', 'md5', 'sha'] as const)
  .chain((others) =>
    fc
      .nat({ max: others.length })
      .map((at) => [...others.slice(0, at), 'sha-256' as const, ...others.slice(at)]),
  );

/** Headers that are known from other answers, and change nothing about this one. */
const moreHeaders = fc.dictionary(
  fc.constantFrom(
    ...'etag location retry-after x-error warning cache-control content-language vary age link x-request-id'.split(
      ' ',
    ),
    ...'content-disposition x-content-type-options set-cookie last-modified accept-ranges expires refresh'.split(
      ' ',
    ),
  ),
  fc.constantFrom(
    '"1"',
    '/elsewhere',
    '5',
    'true',
    '199 - "stale"',
    'no-store',
    'de',
    '*',
    'attachment; filename="a.html"',
  ),
  { minKeys: 1, maxKeys: 3 },
);

const compression = fc.record({
  name: fc.constantFrom('gzip', 'gzip', 'GZIP', 'Gzip'),
  level: fc.constantFrom(6, 0, 9),
  members: fc.constantFrom(1, 1, 2, 5),
});

/** Byte by byte is for what is short. */
const CHUNKS = 200;

/** The same way to travel, in not too many chunks for a payload of so many bytes. */
export function deliveryFor(bytes: number, delivery: PayloadDelivery): PayloadDelivery {
  const { chunkBytes, ...others } = delivery;
  return chunkBytes === undefined
    ? others
    : { ...others, chunkBytes: Math.max(chunkBytes, Math.ceil(bytes / CHUNKS)) };
}

/** Any way in which a payload may travel. */
export const deliveries: fc.Arbitrary<PayloadDelivery> = fc
  .record({
    gzip: fc.constantFrom(false, false, true),
    compression: optional(compression),
    chunkBytes: optional(fc.constantFrom(1, 2, 7, 100, 1_000, 16_384)),
    paceMs: fc.constantFrom(0, 0, 0, 1),
    digestAlgorithms: optional(digestAlgorithms),
    foreignDigests: optional(foreignDigests, 3),
    contentType: optional(mediaTypes),
    moreHeaders: optional(moreHeaders, 4),
    headerNames: optional(fc.constantFrom('Capitalised' as const, 'UPPER CASE' as const), 4),
  })
  .map(({ gzip, compression, paceMs, digestAlgorithms, foreignDigests, ...others }): PayloadDelivery => {
    const said = Object.entries(others).filter(([, value]) => value !== undefined);
    return {
      ...Object.fromEntries(said),
      ...(gzip ? { gzip, ...(compression === undefined ? {} : { compression }) } : {}),
      ...(paceMs > 0 && others.chunkBytes !== undefined && others.chunkBytes >= 100 ? { paceMs } : {}),
      ...(digestAlgorithms === undefined
        ? {}
        : {
            contentDigest: true,
            digestAlgorithms,
            ...(foreignDigests === undefined ? {} : { foreignDigests }),
          }),
    };
  });

/** How a payload travels, as the end of a sentence; empty when nothing is special about it. */
export function deliveryInWords(delivery: PayloadDelivery): string {
  const { gzip, compression, chunkBytes, digestAlgorithms = [], foreignDigests = [], contentType } = delivery;
  const { moreHeaders = {}, headerNames } = delivery;
  const headers = Object.entries(moreHeaders).map(([name, value]) => `${name}: ${value}`);
  return [
    gzip === true ? ', compressed in transport' : '',
    gzip === true && compression !== undefined
      ? ` (${compression.name}, level ${compression.level}, in ${compression.members})`
      : '',
    chunkBytes === undefined ? '' : `, in chunks of ${chunkBytes}`,
    digestAlgorithms.length === 0 ? '' : `, with its digests in ${digestAlgorithms.join(' and ')}`,
    foreignDigests.length === 0 ? '' : `, after ${foreignDigests.join(' and ')}`,
    contentType === undefined ? '' : `, as ${contentType}`,
    headers.length === 0 ? '' : `, with ${headers.join(' and ')}`,
    headerNames === undefined ? '' : `, its headers' names in ${headerNames}`,
  ].join('');
}
