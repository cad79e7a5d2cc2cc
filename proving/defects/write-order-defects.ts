import { PutObjectCommand } from '@aws-sdk/client-s3';
import { storageFault } from '../../reference-vault/faults';
import type { Made, PartFactories } from '../../reference-vault/parts';
import { sha256Checksum } from '../../reference-vault/persistence/checksum';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import { readObject } from '../../reference-vault/persistence/object-store';
import type { Defect } from './defect';
import { recordOf, replacing, uploading } from './part-changes';

/** Bugs in what is written first, and in what is written over. */
export const writeOrderDefects: readonly Defect[] = [
  {
    name: 'metadata-before-object',
    sentence: 'writes the metadata first, so that the upload can be found if it fails',
    requirement: 'CON-5',
    smoke: true,
    replacements: replacing('logArchiver', (real, made) => ({
      archive: async (log, job, signal) => {
        await made.logRepository.add([await recordOf(made, log, job, signal)]);
        return await real.archive(log, job, signal);
      },
    })),
  },
  {
    name: 'metadata-beside-object',
    sentence: 'writes object and metadata at the same time',
    requirement: 'CON-5',
    replacements: replacing('logArchiver', (real, made) => ({
      archive: async (log, job, signal) => {
        const record = await recordOf(made, log, job, signal);
        await Promise.all([real.archive(log, job, signal), made.logRepository.add([record])]);
        return record;
      },
    })),
  },
  {
    name: 'upload-not-awaited',
    sentence: 'does not await the upload',
    requirement: 'CON-5',
    replacements: uploading(async (real, ...args) => {
      void real.put(...args).catch(() => undefined);
      return 'stored';
    }),
  },
  {
    name: 'present-object-refused',
    sentence: 'fails a job that meets an object of an earlier attempt',
    requirement: 'CON-6',
    replacements: uploading(async (real, ...args) => {
      if ((await real.put(...args)) === 'stored') return 'stored';
      throw storageFault('rejected', 'There is an object of that key already.');
    }),
  },
  {
    name: 'present-object-described-anew',
    sentence: 'describes the bytes it has, not those an earlier attempt stored',
    requirement: 'CON-6',
    replacements: uploading(async (real, ...args) => {
      await real.put(...args);
      return 'stored';
    }),
  },
  {
    name: 'same-size-taken-for-same-bytes',
    sentence: 'compares an object that an earlier attempt stored by its size with what it has',
    requirement: 'CON-6',
    replacements: uploading(async (real, key, bytes, signal) => {
      if ((await real.put(key, bytes, signal)) === 'stored') return 'stored';
      return (await readObject(real, key, signal))?.byteLength === bytes.byteLength ? 'stored' : 'present';
    }),
  },
  {
    name: 'present-object-stored-beside',
    sentence: 'stores a second object where an earlier attempt left one',
    requirement: 'CON-6',
    replacements: uploading(async (real, key, bytes, signal) => {
      const outcome = await real.put(key, bytes, signal);
      if (outcome === 'present') await real.put(key.replace(/\.json$/, '-2.json'), bytes, signal);
      return outcome;
    }),
  },
  {
    name: 'object-overwritten',
    sentence: 'uploads without a condition',
    requirement: 'CON-7',
    replacements: replacing('objectStore', (_real, { s3Client, settings }) => ({
      put: async (key, bytes, signal) => {
        const command = new PutObjectCommand({ Bucket: settings.s3Bucket, Key: key, Body: bytes });
        try {
          await s3Client.send(command, { abortSignal: signal });
        } catch (cause) {
          throw storageFault('unavailable', 'Object storage failed an upload.', cause);
        }
        return 'stored';
      },
    })),
  },
  {
    name: 'empty-object-overwritten',
    sentence: 'takes an empty object for none, left by an upload that broke off',
    requirement: 'CON-7',
    replacements: replacing('objectStore', (real, { s3Client, settings }) => ({
      put: async (key, bytes, signal) => {
        if ((await real.put(key, bytes, signal)) === 'stored') return 'stored';
        if ((await readObject(real, key, signal))?.byteLength !== 0) return 'present';
        await s3Client.send(new PutObjectCommand({ Bucket: settings.s3Bucket, Key: key, Body: bytes }));
        return 'stored';
      },
    })),
  },
  {
    name: 're-ingest-overwrites',
    sentence: 'uploads every listed log again, "to be sure"',
    requirement: 'CON-7',
    smoke: true,
    replacements: onKnownLog(async (record, { providerClient, s3Client, settings }, signal) => {
      const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
      await s3Client.send(
        new PutObjectCommand({ Bucket: settings.s3Bucket, Key: record.object.key, Body: payload }),
      );
    }),
  },
  {
    name: 're-ingest-rewrites-metadata',
    sentence: 'updates the checksum of a known log to that of what the provider serves now',
    requirement: 'CON-7',
    replacements: onKnownLog(async (record, { providerClient, metadataStore }, signal) => {
      const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
      const change = { checksum: sha256Checksum(payload), bytes: payload.byteLength };
      await metadataStore.run(({ logs }) => logs.updateOne({ _id: record._id }, { $set: change }));
    }),
  },
  {
    name: 'tampered-object-healed-by-re-ingest',
    sentence:
      'uploads a known log again when its object does not match the checksum, and so hides who did it',
    requirement: 'CON-4',
    replacements: onTamperedLog(async (record, { providerClient, s3Client, settings }, signal) => {
      const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
      if (sha256Checksum(payload) !== record.checksum) return;
      await s3Client.send(
        new PutObjectCommand({ Bucket: settings.s3Bucket, Key: record.object.key, Body: payload }),
      );
    }),
  },
  {
    name: 'tampered-object-described-by-re-ingest',
    sentence: 'brings the checksum of a known log up to date with its object',
    requirement: 'CON-4',
    replacements: onTamperedLog(async ({ _id }, { metadataStore }, _signal, stored) => {
      const change = { checksum: sha256Checksum(stored), bytes: stored.byteLength };
      await metadataStore.run(({ logs }) => logs.updateOne({ _id }, { $set: change }));
    }),
  },
  {
    name: 'lost-object-replaced-by-other-bytes',
    sentence: 'stores a lost object anew with whatever the provider serves now, under the old checksum',
    requirement: 'CON-7',
    replacements: onKnownLog(async (record, { providerClient, objectStore }, signal) => {
      const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
      await objectStore.put(record.object.key, payload, signal);
    }),
  },
  {
    name: 're-ingest-counts-again',
    sentence: 'writes the record of a known log anew, for the job that listed it last',
    requirement: 'CON-7',
    replacements: replacing('logRepository', (_real, { metadataStore }) => ({
      recorded: async () => new Map(),
      add: async (records) => {
        for (const { _id, ...record } of records) {
          await metadataStore.run(({ logs }) => logs.updateOne({ _id }, { $set: record }, { upsert: true }));
        }
      },
    })),
  },
];

/** Does something to a log that a job lists and that is stored already. */
function onKnownLog(
  act: (record: LogDocument, made: Made, signal: AbortSignal) => Promise<void>,
): Partial<PartFactories> {
  return replacing('logArchiver', (real, made) => ({
    restore: async (record, signal) => {
      await act(record, made, signal);
      await real.restore(record, signal);
    },
  }));
}

/** The same, where the object is not what its record says. */
function onTamperedLog(
  act: (record: LogDocument, made: Made, signal: AbortSignal, stored: Buffer) => Promise<void>,
): Partial<PartFactories> {
  return onKnownLog(async (record, made, signal) => {
    const stored = await readObject(made.objectStore, record.object.key, signal);
    if (stored !== undefined && sha256Checksum(stored) !== record.checksum)
      await act(record, made, signal, stored);
  });
}
