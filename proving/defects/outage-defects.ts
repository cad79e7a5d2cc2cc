import { type FaultCode, storageFault, VaultFault } from '../../reference-vault/faults';
import { sha256Checksum } from '../../reference-vault/persistence/sha256-checksum';
import { RawContentMissing } from '../../reference-vault/retrieval/raw-retrieval';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import {
  archiving,
  bodyOf,
  isFault,
  opening,
  recordOf,
  rendering,
  replacing,
  rescued,
  uploading,
} from './part-changes';

/** Bugs in what a vault does and says when storage turns it away, for longer or for good. */
export const outageDefects: readonly Defect[] = [
  ...breaking('RES-4', {
    'storage-failure-swallowed: logs a failed upload and completes the job without it': {
      'pipeline.run': async ({ real, naming }, claim, signal) =>
        await rescued(real.run(claim, signal), isStorageFault, () =>
          naming.manifestKey('2001/01/01', claim.job._id),
        ),
    },
    'metadata-for-a-failed-upload: writes the metadata of a log whose upload failed, "to have it on record"':
      recordedThough(() => true, 'and fails'),
    'outage-called-refusal: says storage_rejected of a job that failed for storage_unavailable': failingWith(
      'storage_unavailable',
      'storage_rejected',
    ),
    'break-called-internal-error: says internal_error of a job to whose upload storage gave no answer at all':
      failingWith('storage_unavailable', 'internal_error', isBreak),
    'failed-job-given-again: answers the next ingestion of a range with the job that failed for it': {
      'jobRepository.fail': async ({ real, metadataStore }, claim, failure, metrics) => {
        await real.fail(claim, failure, metrics);
        const { _id, active_key } = claim.job;
        await metadataStore.run(({ jobs }) => jobs.updateOne({ _id }, { $set: { active_key } }));
      },
    },
    'mark-moved-before-the-upload: takes a log for ingested once it was fetched, and does not list it again':
      fetchedOnce(),
  }),
  ...breaking('RES-5', {
    'metadata-for-a-refused-upload: takes a refused upload for a stored one': recordedThough(
      (code) => code === 'storage_rejected',
      'and goes on',
    ),
    'refusal-called-outage: says storage_unavailable of a job that failed for storage_rejected': failingWith(
      'storage_rejected',
      'storage_unavailable',
    ),
    'access-denied-alone-a-refusal: knows a refusal by the name AccessDenied, and retries other 403s':
      retrying(({ message }) => /403 (?!AccessDenied)/.test(message)),
    'refusal-retried: retries whatever storage answers': uploading(
      async (real, ...args) =>
        await rescued(real.put(...args), isStorageFault, ({ code, message, details }) => {
          throw new VaultFault(code, message, { ...details, transient: true });
        }),
    ),
    'missing-bucket-retried: takes 404 NoSuchBucket for a bucket that is just being made': retrying(
      ({ details }) => isCalled(details.cause, 'NoSuchBucket'),
    ),
  }),
  ...breaking('RES-6', {
    'outage-answered-as-loss: answers 410 whenever an object cannot be read': missing(() => true),
    'missing-bucket-answered-as-loss: takes every 404 of storage for a lost object': missing((cause) =>
      isCalled(cause, 'NoSuchBucket'),
    ),
    'denied-read-answered-as-loss: takes 403 for a lost object, as S3 answers without the right to list':
      missing((cause) => isCalled(cause, 'AccessDenied')),
    'internal-error-answered-as-loss: takes 500 for a lost object': missing((cause) =>
      isCalled(cause, 'InternalError'),
    ),
    'refused-signature-answered-as-loss: takes every 403 but AccessDenied for a lost object': missing(
      (cause) => isCalled(cause, 'SignatureDoesNotMatch'),
    ),
    'slow-read-answered-as-loss: takes a read that stays silent for a lost object': missing((cause) =>
      isCalled(cause, 'SilentCall'),
    ),
    'outage-answered-empty: has sent its 200 by the time storage fails': opening(
      async (real, ...args) =>
        await rescued(real.open(...args), isStorageFault, () => ({
          checksum: sha256Checksum(Buffer.alloc(0)),
          bytes: undefined,
          body: bodyOf(Buffer.alloc(0)),
        })),
    ),
    'outage-answered-500: lets a failed read become 500': rendering(isStorageFault, () => ({ status: 500 })),
    'outage-answered-without-retry-after: does not say when to ask again': rendering(isStorageFault, () => ({
      headers: {},
    })),
  }),
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

function recordedThough(applies: (code: FaultCode) => boolean, then: 'and fails' | 'and goes on'): Change {
  return {
    'logArchiver.archive': async ({ real, ...made }, log, job, signal) => {
      return await rescued(real.archive(log, job, signal), isStorageFault, async (fault) => {
        if (!applies(fault.code)) throw fault;
        const record = await recordOf(made, log, job, signal);
        if (then === 'and goes on') return record;
        await made.logRepository.add([record]);
        throw fault;
      });
    },
  };
}

function failingWith(
  code: FaultCode,
  said: FaultCode,
  applies: (cause: unknown) => boolean = () => true,
): Change {
  return archiving(
    async (real, ...args) =>
      await rescued(real.archive(...args), isFault, (fault) => {
        const { message, details } = fault;
        throw fault.code === code && applies(details.cause) ? new VaultFault(said, message, details) : fault;
      }),
  );
}

function fetchedOnce(): Change {
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
function missing(applies: (cause: unknown) => boolean): Change {
  return opening(
    async (real, logId, signal) =>
      await rescued(real.open(logId, signal), isStorageFault, (fault) => {
        throw applies(fault.details.cause)
          ? new RawContentMissing(logId, sha256Checksum(Buffer.alloc(0)))
          : fault;
      }),
  );
}

/** Uploads that fail so are tried again. */
function retrying(applies: (fault: VaultFault) => boolean): Change {
  return uploading(
    async (real, ...args) =>
      await rescued(real.put(...args), isFault, (fault) => {
        throw applies(fault) ? storageFault('unavailable', fault.message, fault.details.cause) : fault;
      }),
  );
}
