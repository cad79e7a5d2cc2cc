import { gunzipSync } from 'node:zlib';
import { providerFault } from '../../reference-vault/faults';
import { RawContentMissing } from '../../reference-vault/retrieval/raw-retrieval';
import type { Defect } from './defect';
import { fetching, opening, serving } from './part-changes';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const LARGEST_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Bugs that show on payloads that are not JSON, or not text, or nothing at all. */
export const opaqueBytesDefects: readonly Defect[] = [
  {
    ...bytes(
      'byte-order-mark-stripped',
      'strips the byte order mark, at which its JSON parser fell over',
      (payload) => (payload.subarray(0, 3).equals(BYTE_ORDER_MARK) ? payload.subarray(3) : payload),
    ),
    smoke: true,
  },
  bytes(
    'invalid-utf-8-replaced',
    'holds payloads in strings, so that invalid bytes become U+FFFD',
    (payload) => Buffer.from(payload.toString()),
  ),
  bytes('blank-payload-emptied', 'takes white space alone for nothing', (payload) =>
    payload.toString().trim() === '' ? Buffer.alloc(0) : payload,
  ),
  bytes('utf-16-transcoded', 'turns UTF-16 into UTF-8', (payload) =>
    payload[0] === 0xff && payload[1] === 0xfe
      ? Buffer.from(payload.subarray(2).toString('utf16le'))
      : payload,
  ),
  bytes('compressed-payload-unpacked', 'unpacks what looks like gzip, whatever the header says', (payload) =>
    payload[0] === 0x1f && payload[1] === 0x8b ? gunzipSync(payload) : payload,
  ),
  bytes('non-json-refused', 'rejects a payload that JSON.parse does not take', (payload) => {
    try {
      JSON.parse(payload.toString());
      return payload;
    } catch {
      throw providerFault('rejected', 'The provider sent a payload that is not JSON.');
    }
  }),
  bytes('non-json-wrapped', 'wraps a payload that is not JSON into {"raw": …}', (payload) => {
    try {
      JSON.parse(payload.toString());
      return payload;
    } catch {
      return Buffer.from(JSON.stringify({ raw: payload.toString() }));
    }
  }),
  bytes(
    'payload-cut-at-16-mib',
    'keeps 16 MiB of a payload, for a document of MongoDB holds no more',
    (payload) => payload.subarray(0, LARGEST_DOCUMENT_BYTES),
  ),
  bytes('empty-payload-refused', 'takes an empty payload for a failed download', (payload) => {
    if (payload.byteLength > 0) return payload;
    throw providerFault('unavailable', 'The provider sent nothing.');
  }),
  bytes('empty-payload-defaulted', 'stores {} where a provider sent nothing', (payload) =>
    payload.byteLength > 0 ? payload : Buffer.from('{}'),
  ),
  bytes('null-payload-defaulted', 'stores {} where a provider sent null', (payload) =>
    payload.toString().trim() === 'null' ? Buffer.from('{}') : payload,
  ),
  {
    name: 'empty-object-taken-for-missing',
    sentence: 'takes an object of no bytes for a lost one',
    requirement: 'FID-3',
    replacements: opening(async (real, logId, signal) => {
      const content = await real.open(logId, signal);
      if (content.bytes !== 0) return content;
      throw new RawContentMissing(logId, content.checksum);
    }),
  },
];

/** Bugs that leave the object alone and change what is served of it. */
export const servedBytesDefects: readonly Defect[] = [
  {
    name: 'raw-answer-reserialised',
    sentence: 'answers with the parsed document, which the framework serialises',
    requirement: 'FID-1',
    replacements: serving((stored) => {
      try {
        return Buffer.from(JSON.stringify(JSON.parse(stored.toString())));
      } catch {
        return stored;
      }
    }),
  },
  {
    name: 'raw-answer-characters-split',
    sentence: 'decodes what it streams chunk by chunk, so that characters across a boundary break',
    requirement: 'FID-1',
    replacements: serving((stored) =>
      Buffer.concat(
        Array.from({ length: Math.ceil(stored.byteLength / 65_536) }, (_, chunk) =>
          Buffer.from(stored.subarray(chunk * 65_536, (chunk + 1) * 65_536).toString()),
        ),
      ),
    ),
  },
  {
    name: 'raw-answer-last-chunk-lost',
    sentence: 'ends a streamed answer before its last, shorter chunk was written',
    requirement: 'FID-1',
    replacements: serving((stored) =>
      stored.subarray(0, Math.floor(stored.byteLength / 65_536) * 65_536 || undefined),
    ),
  },
  {
    name: 'raw-answer-without-byte-order-mark',
    sentence: 'reads the object as text for its answer, which strips the byte order mark',
    requirement: 'FID-3',
    replacements: serving((stored) =>
      stored.subarray(0, 3).equals(BYTE_ORDER_MARK) ? stored.subarray(3) : stored,
    ),
  },
];

function bytes(name: string, sentence: string, tidy: (payload: Buffer) => Buffer): Defect {
  return { name, sentence, requirement: 'FID-3', replacements: fetching(tidy) };
}
