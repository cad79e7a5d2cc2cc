import { storageFault, VaultFault } from '../../reference-vault/faults';
import { BatchingPipeline } from '../../reference-vault/job-orchestration/ingestion-pipeline';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { ObjectStore } from '../../reference-vault/persistence/object-store';
import { altered } from './altered';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { isFault, rescued, uploading } from './part-changes';

/** Bugs in the manifest of a job: what it lists, and whether it is there. */
export const manifestDefects: readonly Defect[] = [
  ...breaking('API-16', {
    'manifest-not-written: names a manifest that it never uploads': uploading(async (real, key, ...rest) =>
      isManifest(key) ? 'stored' : await real.put(key, ...rest),
    ),
  }),
  ...breaking('RES-1', {
    'manifest-upload-not-retried: tries the uploads of logs again, and that of the manifest once':
      uploadingManifests(async (upload) => {
        return await rescued(upload(), isFault, ({ code, message, details }) => {
          throw new VaultFault(code, message, { ...details, transient: false });
        });
      }),
    'present-manifest-refused: fails a job over its own manifest, stored by an attempt without an answer':
      uploadingManifests(async (upload) => {
        if ((await upload()) === 'stored') return 'stored';
        throw storageFault('rejected', 'There is a manifest of that key already.');
      }),
  }),
  ...breaking('RES-4', {
    'manifest-uploaded-twice-an-attempt: uploads manifests by a client that tries again by itself, at once':
      uploadingManifests(async (upload) =>
        upload().catch(async (error: unknown) => {
          if (error instanceof VaultFault && error.transient) return await upload();
          throw error;
        }),
      ),
    'manifest-failure-swallowed: completes a job without its manifest, for the logs are what counts': {
      pipeline: (made) => {
        const { objectStore, retryPolicy } = made;
        const upload: ObjectStore['put'] = async (...args) =>
          await retryPolicy
            .byAttempts(async () => await objectStore.put(...args), args[2])
            .catch(() => 'stored' as const);
        // A pipeline uploads nothing but manifests by itself.
        return new BatchingPipeline({ ...made, objectStore: altered(objectStore, { put: upload }) });
      },
    },
  }),
  ...breaking('RES-5', {
    'refused-manifest-uploaded-again: tries a manifest that was refused once more': uploadingManifests(
      async (upload) =>
        upload().catch(async (error: unknown) => {
          if (error instanceof VaultFault && !error.transient) return await upload();
          throw error;
        }),
    ),
  }),
  ...breaking('API-17', {
    'empty-manifest-not-written: uploads no manifest when there is nothing to list': uploading(
      async (real, key, bytes, signal) =>
        isManifest(key) && bytes.includes('"logs":[]') ? 'stored' : await real.put(key, bytes, signal),
    ),
    'manifest-under-today: files a manifest under the day on which it is written': {
      'naming.manifestKey': ({ real }, _dayPath, jobId) =>
        real.manifestKey(new Date().toISOString().slice(0, 10).replaceAll('-', '/'), jobId),
    },
    'manifest-lists-the-range: lists the logs of the range, whoever stored them': listing(
      async (_written, all) => await all(),
    ),
    'manifest-lists-the-first-page: lists the logs of the first page': listing(async (written) =>
      written.slice(0, 5),
    ),
    'manifest-lists-source-ids: lists logs by the ids that their provider has for them': listing(
      async (written) => written.map((record) => ({ ...record, _id: record.source_id })),
    ),
    'manifest-without-algorithm: lists checksums without saying that they are SHA-256': listing(
      async (written) =>
        written.map((record) => ({ ...record, checksum: record.checksum.replace('sha256:', '') })),
    ),
    'manifest-of-the-scheduler: names another range in the manifest than was asked for, in whole days':
      uploading(
        async (real, key, bytes, signal) =>
          await real.put(
            key,
            isManifest(key)
              ? Buffer.from(bytes.toString().replaceAll(/T\d\d:\d\d:\d\d[^"]*/g, 'T00:00:00Z'))
              : bytes,
            signal,
          ),
      ),
  }),
  ...breaking('FID-4', {
    'manifest-lists-100-logs: lists 100 logs at most': listing(async (written) => written.slice(0, 100)),
  }),
];

function listing(
  list: (
    written: readonly LogDocument[],
    all: () => Promise<readonly LogDocument[]>,
  ) => Promise<readonly LogDocument[]>,
): Change {
  return {
    'logRepository.writtenBy': async ({ real }, jobId) =>
      await list(await real.writtenBy(jobId), async () => (await real.page({ limit: 1000, offset: 0 })).logs),
  };
}

/** Uploads manifests in another way. */
function uploadingManifests(
  put: (upload: () => ReturnType<ObjectStore['put']>) => ReturnType<ObjectStore['put']>,
): Change {
  return uploading(async (real, key, ...rest) =>
    isManifest(key) ? await put(() => real.put(key, ...rest)) : await real.put(key, ...rest),
  );
}

function isManifest(key: string): boolean {
  return key.endsWith('/logs.json');
}
