import { storageFault } from '../../reference-vault/faults';
import type { Made } from '../../reference-vault/parts';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import { readObject } from '../../reference-vault/persistence/object-store';
import { sha256Checksum } from '../../reference-vault/persistence/sha256-checksum';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { overwrite, recordOf, uploading } from './part-changes';

/** Bugs in what is written first, and in what is written over. */
export const writeOrderDefects: readonly Defect[] = [
  ...breaking('CON-5', {
    'metadata-before-object: writes the metadata first, so that the upload can be found if it fails': {
      'logArchiver.archive': async ({ real, ...made }, log, job, signal) => {
        await made.logRepository.add([await recordOf(made, log, job, signal)]);
        return await real.archive(log, job, signal);
      },
    },
    'metadata-beside-object: writes object and metadata at the same time': {
      'logArchiver.archive': async ({ real, ...made }, log, job, signal) => {
        const record = await recordOf(made, log, job, signal);
        await Promise.all([real.archive(log, job, signal), made.logRepository.add([record])]);
        return record;
      },
    },
    'upload-not-awaited: does not await the upload': uploading(async (real, ...args) => {
      void real.put(...args).catch(() => undefined);
      return 'stored';
    }),
  }),
  ...breaking('CON-6', {
    'present-object-refused: fails a job that meets an object of an earlier attempt': uploading(
      async (real, ...args) => {
        if ((await real.put(...args)) === 'stored') return 'stored';
        throw storageFault('rejected', 'There is an object of that key already.');
      },
    ),
    'present-object-described-anew: describes the bytes it has, not those an earlier attempt stored':
      uploading(async (real, ...args) => {
        await real.put(...args);
        return 'stored';
      }),
    'same-size-taken-for-same-bytes: compares an object that an earlier attempt stored by its size alone':
      uploading(async (real, key, bytes, signal) => {
        if ((await real.put(key, bytes, signal)) === 'stored') return 'stored';
        return (await readObject(real, key, signal))?.byteLength === bytes.byteLength ? 'stored' : 'present';
      }),
    'present-object-stored-beside: stores a second object where an earlier attempt left one': uploading(
      async (real, key, bytes, signal) => {
        const outcome = await real.put(key, bytes, signal);
        if (outcome === 'present') await real.put(key.replace(/\.json$/, '-2.json'), bytes, signal);
        return outcome;
      },
    ),
  }),
  ...breaking('CON-7', {
    'object-overwritten: uploads without a condition': {
      'objectStore.put': async ({ s3Client, settings }, key, bytes, signal) => {
        try {
          await overwrite({ s3Client, settings }, key, bytes, signal);
        } catch (cause) {
          throw storageFault('unavailable', 'Object storage failed an upload.', cause);
        }
        return 'stored';
      },
    },
    'empty-object-overwritten: takes an empty object for none, left by an upload that broke off': {
      'objectStore.put': async ({ real, s3Client, settings }, key, bytes, signal) => {
        if ((await real.put(key, bytes, signal)) === 'stored') return 'stored';
        if ((await readObject(real, key, signal))?.byteLength !== 0) return 'present';
        await overwrite({ s3Client, settings }, key, bytes);
        return 'stored';
      },
    },
    're-ingest-overwrites: uploads every listed log again, "to be sure"': onKnownLog(
      async (record, { providerClient, s3Client, settings }, signal) => {
        const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
        await overwrite({ s3Client, settings }, record.object.key, payload);
      },
    ),
    're-ingest-rewrites-metadata: updates the checksum of a known log to what the provider serves now':
      onKnownLog(async (record, { providerClient, metadataStore }, signal) => {
        const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
        const change = { checksum: sha256Checksum(payload), bytes: payload.byteLength };
        await metadataStore.run(({ logs }) => logs.updateOne({ _id: record._id }, { $set: change }));
      }),
    'lost-object-replaced-by-other-bytes: stores a lost object anew with other bytes, under the old checksum':
      onKnownLog(async (record, { providerClient, objectStore }, signal) => {
        const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
        await objectStore.put(record.object.key, payload, signal);
      }),
  }),
  ...breaking('CON-4', {
    'tampered-object-healed-by-re-ingest: uploads a tampered log again, and so hides who did it':
      onTamperedLog(async (record, { providerClient, s3Client, settings }, signal) => {
        const payload = await providerClient.fetchPayload(record.provider_id, record.source_id, signal);
        if (sha256Checksum(payload) !== record.checksum) return;
        await overwrite({ s3Client, settings }, record.object.key, payload);
      }),
    'tampered-object-described-by-re-ingest: brings the checksum of a known log up to date with its object':
      onTamperedLog(async ({ _id }, { metadataStore }, _signal, stored) => {
        const change = { checksum: sha256Checksum(stored), bytes: stored.byteLength };
        await metadataStore.run(({ logs }) => logs.updateOne({ _id }, { $set: change }));
      }),
  }),
];

/** Does something to a log that a job lists and that is stored already. */
function onKnownLog(act: (record: LogDocument, made: Made, signal: AbortSignal) => Promise<void>): Change {
  return {
    'logArchiver.restore': async ({ real, ...made }, record, signal) => {
      await act(record, made, signal);
      await real.restore(record, signal);
    },
  };
}

/** The same, where the object is not what its record says. */
function onTamperedLog(
  act: (record: LogDocument, made: Made, signal: AbortSignal, stored: Buffer) => Promise<void>,
): Change {
  return onKnownLog(async (record, made, signal) => {
    const stored = await readObject(made.objectStore, record.object.key, signal);
    if (stored !== undefined && sha256Checksum(stored) !== record.checksum)
      await act(record, made, signal, stored);
  });
}
