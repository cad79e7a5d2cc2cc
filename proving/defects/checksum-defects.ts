import { createHash } from 'node:crypto';
import { readObject } from '../../reference-vault/persistence/object-store';
import { sha256Checksum } from '../../reference-vault/persistence/sha256-checksum';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { allOf, archiving, bodyOf, opening } from './part-changes';

/** Bugs in what is recorded and said of a payload's checksum. */
export const checksumDefects: readonly Defect[] = [
  ...breaking('FID-2', {
    'checksum-in-upper-case: writes the checksum in upper-case hex': checksum((bytes) =>
      sha256Checksum(bytes).toUpperCase().replace('SHA256', 'sha256'),
    ),
    'checksum-without-prefix: leaves out "sha256:"': checksum((bytes) => sha256Checksum(bytes).slice(7)),
    'checksum-of-trimmed-text: hashes the payload without white space at its ends': checksum((bytes) =>
      sha256Checksum(Buffer.from(Buffer.from(bytes).toString().trim())),
    ),
    'checksum-of-decoded-text: hashes the payload as a string, in which invalid bytes are U+FFFD': checksum(
      (bytes) => sha256Checksum(Buffer.from(Buffer.from(bytes).toString())),
    ),
    'checksum-of-parsed-document: hashes the document as JSON.stringify writes it': checksum((bytes) => {
      try {
        return sha256Checksum(Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()))));
      } catch {
        return sha256Checksum(bytes);
      }
    }),
    'checksum-of-the-first-block: hashes the first MiB of a large payload, which is "enough"': checksum(
      (bytes) => sha256Checksum(bytes.subarray(0, 1024 * 1024)),
    ),
    'checksum-by-another-algorithm: truncates SHA-512 to 64 digits': checksum(
      (bytes) => `sha256:${createHash('sha512').update(bytes).digest('hex').slice(0, 64)}`,
    ),
    'checksum-of-the-log-before: keeps the checksum in a field that the next log of the job overwrites':
      checksumsMixedUp(),
    'search-shows-a-shortened-checksum: shows 16 digits of the checksum in search, which fit the column': {
      'search.page': async ({ real }, request) => {
        const answer = await real.page(request);
        return {
          ...answer,
          data: answer.data.map((log) => ({ ...log, checksum: log.checksum.slice(0, 23) })),
        };
      },
    },
    'search-shows-checksums-of-neighbours: zips logs and checksums from two lists that are sorted otherwise':
      {
        'search.page': async ({ real }, request) => {
          const answer = await real.page(request);
          const checksums = answer.data.map((log) => log.checksum).sort();
          return {
            ...answer,
            data: answer.data.map((log, at) => ({ ...log, checksum: checksums[at] ?? '' })),
          };
        },
      },
    'raw-answer-with-base64-checksum: sends the checksum of a raw log in Base64, as S3 does': opening(
      async (real, logId, signal) => {
        const content = await real.open(logId, signal);
        return { ...content, checksum: Buffer.from(content.checksum.slice(7), 'hex').toString('base64') };
      },
    ),
    'bytes-counted-in-characters: records the number of characters as the number of bytes': {
      'logArchiver.archive': async ({ real, objectStore }, log, job, signal) => {
        const record = await real.archive(log, job, signal);
        const payload = await readObject(objectStore, record.object.key, signal);
        return { ...record, bytes: payload?.toString().length ?? 0 };
      },
    },
  }),
  ...breaking('CON-4', {
    'checksum-recomputed-on-read: computes X-Vault-Checksum from what storage holds today': opening(
      async (real, logId, signal) => {
        const content = await real.open(logId, signal);
        const stored = await allOf(content.body);
        return { ...content, checksum: sha256Checksum(stored), body: bodyOf(stored) };
      },
    ),
  }),
];

function checksum(of: (bytes: Uint8Array) => string): Change {
  return { checksum: () => of };
}

function checksumsMixedUp(): Change {
  let before: string | undefined;
  return archiving(async (real, log, job, signal) => {
    const record = await real.archive(log, job, signal);
    const checksum = before ?? record.checksum;
    before = record.checksum;
    return { ...record, checksum };
  });
}
