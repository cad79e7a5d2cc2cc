import { type FaultCode, storageFault, VaultFault } from '../../reference-vault/faults';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { sha256Checksum } from '../../reference-vault/persistence/checksum';
import { RawContentMissing } from '../../reference-vault/retrieval/raw-retrieval';
import type { Defect } from './defect';
import { archiving, bodyOf, opening, recordOf, replacing, uploading } from './part-changes';

/** Bugs in what a vault does and says when storage turns it away, for longer or for good. */
export const outageDefects: readonly Defect[] = [
  {
    name: 'storage-failure-swallowed',
    sentence: 'logs a failed upload and completes the job without it',
    requirement: 'RES-4',
    replacements: replacing('pipeline', (real, { naming }) => ({
      run: async (claim, signal) => {
        try {
          return await real.run(claim, signal);
        } catch (error) {
          if (!isStorageFault(error)) throw error;
          return naming.manifestKey('2001/01/01', claim.job._id);
        }
      },
    })),
  },
  {
    name: 'metadata-for-a-failed-upload',
    sentence: 'writes the metadata of a log whose upload it gave up, "to have it on record"',
    requirement: 'RES-4',
    replacements: recordedThough(() => true, 'and fails'),
  },
  {
    name: 'metadata-for-a-refused-upload',
    sentence: 'takes a refused upload for a stored one',
    requirement: 'RES-5',
    replacements: recordedThough((code) => code === 'storage_rejected', 'and goes on'),
  },
  failingWith('outage-called-refusal', 'RES-4', 'storage_unavailable', 'storage_rejected'),
  {
    ...failingWith('break-called-internal-error', 'RES-4', 'storage_unavailable', 'internal_error', isBreak),
    sentence: 'says internal_error of a job to whose upload storage gave no answer at all',
  },
  failingWith('refusal-called-outage', 'RES-5', 'storage_rejected', 'storage_unavailable'),
  {
    name: 'failed-job-given-again',
    sentence: 'answers the next ingestion of a range with the job that failed for it',
    requirement: 'RES-4',
    replacements: replacing('jobRepository', (real, { metadataStore }) => ({
      fail: async (claim, failure, metrics) => {
        await real.fail(claim, failure, metrics);
        const { _id, active_key } = claim.job;
        await metadataStore.run(({ jobs }) => jobs.updateOne({ _id }, { $set: { active_key } }));
      },
    })),
  },
  {
    name: 'mark-moved-before-the-upload',
    sentence: 'remembers a log as ingested once it was fetched, and does not list it again',
    requirement: 'RES-4',
    replacements: fetchedOnce(),
  },
  {
    name: 'access-denied-alone-a-refusal',
    sentence: 'knows a refusal by the name AccessDenied, and retries other answers of 403',
    requirement: 'RES-5',
    replacements: uploading(async (real, ...args) => {
      try {
        return await real.put(...args);
      } catch (error) {
        if (error instanceof VaultFault && /403 (?!AccessDenied)/.test(error.message))
          throw storageFault('unavailable', error.message);
        throw error;
      }
    }),
  },
  {
    name: 'refusal-retried',
    sentence: 'retries whatever storage answers',
    requirement: 'RES-5',
    replacements: uploading(async (real, ...args) => {
      try {
        return await real.put(...args);
      } catch (error) {
        if (!isStorageFault(error)) throw error;
        throw new VaultFault(error.code, error.message, { transient: true, cause: error.details.cause });
      }
    }),
  },
  {
    name: 'missing-bucket-retried',
    sentence: 'takes 404 NoSuchBucket for a bucket that is just being made',
    requirement: 'RES-5',
    replacements: uploading(async (real, ...args) => {
      try {
        return await real.put(...args);
      } catch (error) {
        if (!isStorageFault(error) || !isCalled(error.details.cause, 'NoSuchBucket')) throw error;
        throw storageFault('unavailable', error.message, error.details.cause);
      }
    }),
  },
  missing('outage-answered-as-loss', 'answers 410 whenever an object cannot be read', () => true),
  missing('missing-bucket-answered-as-loss', 'takes every 404 of storage for a lost object', (cause) =>
    isCalled(cause, 'NoSuchBucket'),
  ),
  missing(
    'denied-read-answered-as-loss',
    'takes 403 for a lost object, as S3 answers without the right to list',
    (cause) => isCalled(cause, 'AccessDenied'),
  ),
  missing('internal-error-answered-as-loss', 'takes 500 for a lost object', (cause) =>
    isCalled(cause, 'InternalError'),
  ),
  missing(
    'refused-signature-answered-as-loss',
    'takes every 403 but AccessDenied for a lost object',
    (cause) => isCalled(cause, 'SignatureDoesNotMatch'),
  ),
  missing('slow-read-answered-as-loss', 'takes a read that stays silent for a lost object', (cause) =>
    isCalled(cause, 'SilentCall'),
  ),
  {
    name: 'outage-answered-empty',
    sentence: 'has sent its 200 by the time storage fails',
    requirement: 'RES-6',
    replacements: opening(async (real, logId, signal) => {
      try {
        return await real.open(logId, signal);
      } catch (error) {
        if (!isStorageFault(error)) throw error;
        return { checksum: sha256Checksum(Buffer.alloc(0)), bytes: undefined, body: bodyOf(Buffer.alloc(0)) };
      }
    }),
  },
  rendered('outage-answered-500', 'lets a failed read become 500', { status: 500 }),
  rendered('outage-answered-without-retry-after', 'does not say when to ask again', { headers: {} }),
];

function isStorageFault(error: unknown): error is VaultFault {
  return error instanceof VaultFault && error.code.startsWith('storage_');
}

function isCalled(cause: unknown, name: string): boolean {
  return cause instanceof Error && cause.name === name;
}

/** Tells whether a connection ended without an answer. */
function isBreak(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET';
}

function recordedThough(
  applies: (code: FaultCode) => boolean,
  then: 'and fails' | 'and goes on',
): Defect['replacements'] {
  return replacing('logArchiver', (real, made) => ({
    archive: async (log, job, signal) => {
      try {
        return await real.archive(log, job, signal);
      } catch (error) {
        if (!isStorageFault(error) || !applies(error.code)) throw error;
        const record = await recordOf(made, log, job, signal);
        if (then === 'and goes on') return record;
        await made.logRepository.add([record]);
        throw error;
      }
    },
  }));
}

function failingWith(
  name: string,
  requirement: string,
  code: FaultCode,
  said: FaultCode,
  applies: (cause: unknown) => boolean = () => true,
): Defect {
  return {
    name,
    sentence: `says ${said} of a job that failed for ${code}`,
    requirement,
    replacements: archiving(async (real, ...args) => {
      try {
        return await real.archive(...args);
      } catch (error) {
        if (!(error instanceof VaultFault) || error.code !== code || !applies(error.details.cause))
          throw error;
        throw new VaultFault(said, error.message, error.details);
      }
    }),
  };
}

function fetchedOnce(): Defect['replacements'] {
  return replacing('providerClient', (real) => {
    const fetched = new Set<string>();
    return {
      fetchPayload: async (providerId, sourceId, signal) => {
        const payload = await real.fetchPayload(providerId, sourceId, signal);
        fetched.add(sourceId);
        return payload;
      },
      listPage: async (...args) => {
        const page = await real.listPage(...args);
        return { ...page, logs: page.logs.filter(({ sourceId }) => !fetched.has(sourceId)) };
      },
    };
  });
}

/** A failed read is answered as a loss where its cause is of a kind. */
function missing(name: string, sentence: string, applies: (cause: unknown) => boolean): Defect {
  return {
    name,
    sentence,
    requirement: 'RES-6',
    replacements: opening(async (real, logId, signal) => {
      try {
        return await real.open(logId, signal);
      } catch (error) {
        if (!isStorageFault(error) || !applies(error.details.cause)) throw error;
        throw new RawContentMissing(logId, sha256Checksum(Buffer.alloc(0)));
      }
    }),
  };
}

function rendered(
  name: string,
  sentence: string,
  change: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> },
): Defect {
  return {
    name,
    sentence,
    requirement: 'RES-6',
    replacements: {
      errorRenderer: () => (error) =>
        isStorageFault(error) ? { ...renderError(error), ...change } : renderError(error),
    },
  };
}
