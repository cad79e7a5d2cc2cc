import { createHash } from 'node:crypto';
import { sha256Checksum } from '../../reference-vault/persistence/checksum';
import { readObject } from '../../reference-vault/persistence/object-store';
import type { Defect } from './defect';
import { allOf, archiving, bodyOf, opening, replacing } from './part-changes';

/** Bugs in what is recorded and said of a payload's checksum. */
export const checksumDefects: readonly Defect[] = [
  checksum('checksum-in-upper-case', 'writes the checksum in upper-case hex', (bytes) =>
    sha256Checksum(bytes).toUpperCase().replace('SHA256', 'sha256'),
  ),
  checksum('checksum-without-prefix', 'leaves out "sha256:"', (bytes) => sha256Checksum(bytes).slice(7)),
  checksum('checksum-of-trimmed-text', 'hashes the payload without white space at its ends', (bytes) =>
    sha256Checksum(Buffer.from(Buffer.from(bytes).toString().trim())),
  ),
  {
    ...checksum(
      'checksum-of-decoded-text',
      'hashes the payload as a string, in which invalid bytes are U+FFFD',
      (bytes) => sha256Checksum(Buffer.from(Buffer.from(bytes).toString())),
    ),
  },
  checksum('checksum-of-parsed-document', 'hashes the document as JSON.stringify writes it', (bytes) => {
    try {
      return sha256Checksum(Buffer.from(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()))));
    } catch {
      return sha256Checksum(bytes);
    }
  }),
  checksum(
    'checksum-of-the-first-block',
    'hashes the first MiB of a large payload, which is "enough"',
    (bytes) => sha256Checksum(bytes.subarray(0, 1024 * 1024)),
  ),
  checksum(
    'checksum-by-another-algorithm',
    'truncates SHA-512 to 64 digits',
    (bytes) => `sha256:${createHash('sha512').update(bytes).digest('hex').slice(0, 64)}`,
  ),
  {
    name: 'checksum-of-the-log-before',
    sentence: 'keeps the checksum in a field that the next log of the job overwrites',
    requirement: 'FID-2',
    replacements: checksumsMixedUp(),
  },
  {
    name: 'search-shows-a-shortened-checksum',
    sentence: 'shows the first 16 digits of the checksum in search, which fit the column',
    requirement: 'FID-2',
    replacements: replacing('search', (real) => ({
      page: async (request) => {
        const answer = await real.page(request);
        return {
          ...answer,
          data: answer.data.map((log) => ({ ...log, checksum: log.checksum.slice(0, 23) })),
        };
      },
    })),
  },
  {
    name: 'search-shows-checksums-of-neighbours',
    sentence: 'zips logs and checksums from two lists that are sorted differently',
    requirement: 'FID-2',
    replacements: replacing('search', (real) => ({
      page: async (request) => {
        const answer = await real.page(request);
        const checksums = answer.data.map((log) => log.checksum).sort();
        return { ...answer, data: answer.data.map((log, at) => ({ ...log, checksum: checksums[at] ?? '' })) };
      },
    })),
  },
  {
    name: 'raw-answer-with-base64-checksum',
    sentence: 'sends the checksum of a raw log in Base64, as S3 does',
    requirement: 'FID-2',
    replacements: opening(async (real, logId, signal) => {
      const content = await real.open(logId, signal);
      return { ...content, checksum: Buffer.from(content.checksum.slice(7), 'hex').toString('base64') };
    }),
  },
  {
    name: 'bytes-counted-in-characters',
    sentence: 'records the number of characters as the number of bytes',
    requirement: 'FID-2',
    replacements: replacing('logArchiver', (real, { objectStore }) => ({
      archive: async (log, job, signal) => {
        const record = await real.archive(log, job, signal);
        const payload = await readObject(objectStore, record.object.key, signal);
        return { ...record, bytes: payload?.toString().length ?? 0 };
      },
    })),
  },
  {
    name: 'checksum-recomputed-on-read',
    sentence: 'computes X-Vault-Checksum from what storage holds today',
    requirement: 'CON-4',
    smoke: true,
    replacements: opening(async (real, logId, signal) => {
      const content = await real.open(logId, signal);
      const stored = await allOf(content.body);
      return { ...content, checksum: sha256Checksum(stored), body: bodyOf(stored) };
    }),
  },
];

function checksum(name: string, sentence: string, of: (bytes: Uint8Array) => string): Defect {
  return { name, sentence, requirement: 'FID-2', replacements: { checksum: () => of } };
}

function checksumsMixedUp(): Defect['replacements'] {
  let before: string | undefined;
  return archiving(async (real, log, job, signal) => {
    const record = await real.archive(log, job, signal);
    const checksum = before ?? record.checksum;
    before = record.checksum;
    return { ...record, checksum };
  });
}
