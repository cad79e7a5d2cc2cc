import type { Filter } from 'mongodb';
import { ClaimingWorker } from '../../reference-vault/job-orchestration/worker';
import type { JobDocument } from '../../reference-vault/persistence/documents';
import { FaultRetryPolicy } from '../../reference-vault/persistence/retry-policy';
import type { Change } from './change';
import { breaking, type Defect, ofProcess } from './defect';

/** Bugs in what a process does when it starts and when it is asked to stop. */
export const startAndStopDefects: readonly Defect[] = [
  ...breaking('OPS-5', {
    'failed-jobs-tried-at-start: gives failed jobs another chance whenever it starts': triedAtStart({
      state: 'failed',
    }),
    'storage-failures-tried-at-start: takes up again, when it starts, jobs that failed for want of storage':
      triedAtStart({ state: 'failed', 'error.code': 'storage_unavailable' }),
  }).map(ofProcess),
  ...breaking('OPS-6', {
    'jobs-failed-at-stop: fails the jobs it has in hand when it is asked to stop': {
      'jobRepository.release': async ({ real }, claim) =>
        await real.fail(
          claim,
          { code: 'internal_error', message: 'The vault was stopped.' },
          { records_synced: 0, bytes_written: 0 },
        ),
    },
    'waiting-job-failed-at-stop: takes the end of a wait for a failure of the job when it is asked to stop': {
      'retryPolicy.byAttempts': async ({ real }, call, signal) => {
        let isCalling = false;
        let waitEnded = false;
        signal.addEventListener('abort', () => {
          waitEnded = !isCalling;
        });
        const watched: typeof call = async () => {
          isCalling = true;
          return await call().finally(() => {
            isCalling = false;
          });
        };
        return await real.byAttempts(watched, signal).catch((error: unknown) => {
          throw waitEnded ? new Error('The operation was aborted.') : error;
        });
      },
    },
    'stopped-job-pending-again: puts the jobs it has in hand back as pending when it is asked to stop': {
      'jobRepository.release': async ({ real, metadataStore }, claim) => {
        await real.release(claim);
        const released = { _id: claim.job._id, state: 'processing' } as const;
        await metadataStore.run(({ jobs }) => jobs.updateOne(released, { $set: { state: 'pending' } }));
      },
    },
  }).map(ofProcess),
  ...breaking('OPS-7', {
    'defaults-of-its-own: makes three attempts where it is told no number': {
      retryPolicy: ({ settings: { retryBaseMs, retryMaxAttempts } }) =>
        new FaultRetryPolicy({
          baseMs: retryBaseMs,
          maxAttempts: process.env.VAULT_RETRY_MAX_ATTEMPTS === undefined ? 3 : retryMaxAttempts,
        }),
    },
    'hasty-by-default: waits a tenth as long where it is told no wait': {
      retryPolicy: ({ settings: { retryBaseMs, retryMaxAttempts } }) =>
        new FaultRetryPolicy({
          baseMs: process.env.VAULT_RETRY_BASE_MS === undefined ? 10 : retryBaseMs,
          maxAttempts: retryMaxAttempts,
        }),
    },
    'busy-by-default: works on eight jobs at once where it is told no number': {
      worker: (made) =>
        new ClaimingWorker({
          ...made,
          ...made.settings,
          bucket: made.settings.s3Bucket,
          concurrency: process.env.VAULT_CONCURRENCY === undefined ? 8 : made.settings.concurrency,
        }),
    },
  }).map(ofProcess),
];

/** Puts jobs that have ended back into the queue before it begins with its work. */
function triedAtStart(which: Filter<JobDocument>): Change {
  return {
    'worker.start': ({ real, metadataStore }) => {
      const put = metadataStore.run(({ jobs }) => jobs.updateMany(which, { $set: { state: 'pending' } }));
      void put.finally(() => real.start());
    },
  };
}
