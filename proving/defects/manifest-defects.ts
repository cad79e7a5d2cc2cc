import { storageFault, VaultFault } from '../../reference-vault/faults';
import { BatchingPipeline } from '../../reference-vault/job-orchestration/ingestion-pipeline';
import type { PartFactories } from '../../reference-vault/parts';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { ObjectStore } from '../../reference-vault/persistence/object-store';
import { altered } from './altered';
import type { Defect } from './defect';
import { replacing, uploading } from './part-changes';

/** Bugs in the manifest of a job: what it lists, and whether it is there. */
export const manifestDefects: readonly Defect[] = [
  {
    name: 'manifest-not-written',
    sentence: 'names a manifest that it never uploads',
    requirement: 'API-16',
    replacements: uploading(async (real, key, ...rest) =>
      isManifest(key) ? 'stored' : await real.put(key, ...rest),
    ),
  },
  {
    name: 'manifest-upload-not-retried',
    sentence: 'tries the uploads of logs again, and that of the manifest once',
    requirement: 'RES-1',
    replacements: uploadingManifests(async (upload) => {
      try {
        return await upload();
      } catch (error) {
        if (!(error instanceof VaultFault)) throw error;
        throw new VaultFault(error.code, error.message, { ...error.details, transient: false });
      }
    }),
  },
  {
    name: 'manifest-uploaded-twice-an-attempt',
    sentence: 'uploads a manifest through a client that tries again by itself, at once',
    requirement: 'RES-4',
    replacements: uploadingManifests(async (upload) =>
      upload().catch(async (error: unknown) => {
        if (error instanceof VaultFault && error.transient) return await upload();
        throw error;
      }),
    ),
  },
  {
    name: 'refused-manifest-uploaded-again',
    sentence: 'tries a manifest that was refused once more',
    requirement: 'RES-5',
    replacements: uploadingManifests(async (upload) =>
      upload().catch(async (error: unknown) => {
        if (error instanceof VaultFault && !error.transient) return await upload();
        throw error;
      }),
    ),
  },
  {
    name: 'present-manifest-refused',
    sentence: 'fails a job over its own manifest, which an attempt without an answer had stored',
    requirement: 'RES-1',
    replacements: uploadingManifests(async (upload) => {
      if ((await upload()) === 'stored') return 'stored';
      throw storageFault('rejected', 'There is a manifest of that key already.');
    }),
  },
  {
    name: 'manifest-failure-swallowed',
    sentence: 'completes a job whose manifest it could not upload, for the logs are what counts',
    requirement: 'RES-4',
    replacements: {
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
  },
  {
    name: 'empty-manifest-not-written',
    sentence: 'uploads no manifest when there is nothing to list',
    requirement: 'API-17',
    replacements: uploading(async (real, key, bytes, signal) =>
      isManifest(key) && bytes.includes('"logs":[]') ? 'stored' : await real.put(key, bytes, signal),
    ),
  },
  {
    name: 'manifest-under-today',
    sentence: 'files a manifest under the day on which it is written',
    requirement: 'API-17',
    replacements: replacing('naming', (real) => ({
      manifestKey: (_dayPath, jobId) =>
        real.manifestKey(new Date().toISOString().slice(0, 10).replaceAll('-', '/'), jobId),
    })),
  },
  listing(
    'manifest-lists-the-range',
    'lists the logs of the range, whoever stored them',
    async (_written, all) => await all(),
  ),
  listing('manifest-lists-the-first-page', 'lists the logs of the first page', async (written) =>
    written.slice(0, 5),
  ),
  {
    ...listing('manifest-lists-100-logs', 'lists 100 logs at most', async (written) => written.slice(0, 100)),
    requirement: 'FID-4',
  },
  listing(
    'manifest-lists-source-ids',
    'lists logs by the ids that their provider has for them',
    async (written) => written.map((record) => ({ ...record, _id: record.source_id })),
  ),
  listing(
    'manifest-without-algorithm',
    'lists checksums without saying that they are SHA-256',
    async (written) =>
      written.map((record) => ({ ...record, checksum: record.checksum.replace('sha256:', '') })),
  ),
  {
    name: 'manifest-of-the-scheduler',
    sentence: 'names in the manifest another range than was asked for, widened to whole days',
    requirement: 'API-17',
    replacements: uploading(
      async (real, key, bytes, signal) =>
        await real.put(
          key,
          isManifest(key)
            ? Buffer.from(bytes.toString().replaceAll(/T\d\d:\d\d:\d\d[^"]*/g, 'T00:00:00Z'))
            : bytes,
          signal,
        ),
    ),
  },
];

function listing(
  name: string,
  sentence: string,
  list: (
    written: readonly LogDocument[],
    all: () => Promise<readonly LogDocument[]>,
  ) => Promise<readonly LogDocument[]>,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-17',
    replacements: replacing('logRepository', (real) => ({
      writtenBy: async (jobId) =>
        await list(
          await real.writtenBy(jobId),
          async () => (await real.page({ limit: 1000, offset: 0 })).logs,
        ),
    })),
  };
}

/** Uploads manifests in another way. */
function uploadingManifests(
  put: (upload: () => ReturnType<ObjectStore['put']>) => ReturnType<ObjectStore['put']>,
): Partial<PartFactories> {
  return uploading(async (real, key, ...rest) =>
    isManifest(key) ? await put(() => real.put(key, ...rest)) : await real.put(key, ...rest),
  );
}

function isManifest(key: string): boolean {
  return key.endsWith('/logs.json');
}
