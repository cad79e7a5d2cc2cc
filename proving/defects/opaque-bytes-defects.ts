import { gunzipSync } from 'node:zlib';
import { providerFault } from '../../reference-vault/faults';
import { RawContentMissing } from '../../reference-vault/retrieval/raw-retrieval';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { fetching, opening, serving } from './part-changes';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const LARGEST_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Bugs that show on payloads that are not JSON, or not text, or nothing at all. */
export const opaqueBytesDefects: readonly Defect[] = breaking('FID-3', {
  'byte-order-mark-stripped: strips the byte order mark, at which its JSON parser fell over': bytes(
    (payload) => (payload.subarray(0, 3).equals(BYTE_ORDER_MARK) ? payload.subarray(3) : payload),
  ),
  'invalid-utf-8-replaced: holds payloads in strings, so that invalid bytes become U+FFFD': bytes((payload) =>
    Buffer.from(payload.toString()),
  ),
  'blank-payload-emptied: takes white space alone for nothing': bytes((payload) =>
    payload.toString().trim() === '' ? Buffer.alloc(0) : payload,
  ),
  'utf-16-transcoded: turns UTF-16 into UTF-8': bytes((payload) =>
    payload[0] === 0xff && payload[1] === 0xfe
      ? Buffer.from(payload.subarray(2).toString('utf16le'))
      : payload,
  ),
  'compressed-payload-unpacked: unpacks what looks like gzip, whatever the header says': bytes((payload) =>
    payload[0] === 0x1f && payload[1] === 0x8b ? gunzipSync(payload) : payload,
  ),
  'non-json-refused: rejects a payload that JSON.parse does not take': bytes((payload) => {
    try {
      JSON.parse(payload.toString());
      return payload;
    } catch {
      throw providerFault('rejected', 'The provider sent a payload that is not JSON.');
    }
  }),
  'non-json-wrapped: wraps a payload that is not JSON into {"raw": …}': bytes((payload) => {
    try {
      JSON.parse(payload.toString());
      return payload;
    } catch {
      return Buffer.from(JSON.stringify({ raw: payload.toString() }));
    }
  }),
  'payload-cut-at-16-mib: keeps 16 MiB of a payload, for a document of MongoDB holds no more': bytes(
    (payload) => payload.subarray(0, LARGEST_DOCUMENT_BYTES),
  ),
  'empty-payload-refused: takes an empty payload for a failed download': bytes((payload) => {
    if (payload.byteLength > 0) return payload;
    throw providerFault('unavailable', 'The provider sent nothing.');
  }),
  'empty-payload-defaulted: stores {} where a provider sent nothing': bytes((payload) =>
    payload.byteLength > 0 ? payload : Buffer.from('{}'),
  ),
  'null-payload-defaulted: stores {} where a provider sent null': bytes((payload) =>
    payload.toString().trim() === 'null' ? Buffer.from('{}') : payload,
  ),
  'empty-object-taken-for-missing: takes an object of no bytes for a lost one': opening(
    async (real, logId, signal) => {
      const content = await real.open(logId, signal);
      if (content.bytes !== 0) return content;
      throw new RawContentMissing(logId, content.checksum);
    },
  ),
});

/** Bugs that leave the object alone and change what is served of it. */
export const servedBytesDefects: readonly Defect[] = [
  ...breaking('FID-1', {
    'raw-answer-reserialised: answers with the parsed document, which the framework serialises': serving(
      (stored) => {
        try {
          return Buffer.from(JSON.stringify(JSON.parse(stored.toString())));
        } catch {
          return stored;
        }
      },
    ),
    'raw-answer-characters-split: decodes what it streams chunk by chunk: characters across a boundary break':
      serving((stored) =>
        Buffer.concat(
          Array.from({ length: Math.ceil(stored.byteLength / 65_536) }, (_, chunk) =>
            Buffer.from(stored.subarray(chunk * 65_536, (chunk + 1) * 65_536).toString()),
          ),
        ),
      ),
    'raw-answer-last-chunk-lost: ends a streamed answer before its last, shorter chunk was written': serving(
      (stored) => stored.subarray(0, Math.floor(stored.byteLength / 65_536) * 65_536 || undefined),
    ),
  }),
  ...breaking('FID-3', {
    'raw-answer-without-byte-order-mark: reads objects as text, which strips the byte order mark': serving(
      (stored) => (stored.subarray(0, 3).equals(BYTE_ORDER_MARK) ? stored.subarray(3) : stored),
    ),
  }),
];

function bytes(tidy: (payload: Buffer) => Buffer): Change {
  return fetching(tidy);
}
