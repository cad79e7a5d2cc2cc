import { setTimeout as pause } from 'node:timers/promises';
import type { Filter } from 'mongodb';
import { VaultFault } from '../../reference-vault/faults';
import { ClaimingWorker } from '../../reference-vault/job-orchestration/worker';
import type { Made, PartFactories } from '../../reference-vault/parts';
import type { JobDocument, JobMetrics, LogDocument } from '../../reference-vault/persistence/documents';
import { type JobRepository, MongoJobRepository } from '../../reference-vault/persistence/job-repository';
import { FaultRetryPolicy } from '../../reference-vault/persistence/retry-policy';
import { altered } from './altered';
import type { Defect } from './defect';
import { replacing } from './part-defects';

/** Bugs that show when a process dies and another one has to go on with what it left. */
export const crashDefects: readonly Defect[] = [
  afterCrash(
    'job-taken-off-the-queue',
    'takes a job off the queue while it works on it',
    'OPS-1',
    takenOffTheQueue(),
  ),
  afterCrash(
    'running-job-not-found-again',
    'only looks for pending jobs when it starts',
    'OPS-1',
    replacing('jobRepository', (real) => ({
      claim: async () => {
        const claim = await real.claim();
        return claim?.resumed === true ? undefined : claim;
      },
    })),
  ),
  afterCrash(
    'running-job-failed-at-start',
    'takes a job that was running when it died for a failed one',
    'OPS-1',
    replacing('pipeline', (real) => ({
      run: async (claim, signal) => {
        if (!claim.resumed) return await real.run(claim, signal);
        throw new VaultFault('internal_error', 'The job was interrupted.', { transient: false });
      },
    })),
  ),
  afterCrash(
    'third-attempt-given-up',
    'gives a job up that interrupted two processes, for it may be what killed them',
    'OPS-1',
    replacing('pipeline', (real) => ({
      run: async (claim, signal) => {
        if (claim.job.claims < 3) return await real.run(claim, signal);
        throw new VaultFault('internal_error', 'The job was interrupted too often.', { transient: false });
      },
    })),
  ),
  afterCrash('lease-of-a-minute', 'leases jobs for a minute, whatever it is told', 'OPS-2', {
    jobRepository: ({ metadataStore, settings }) =>
      new MongoJobRepository(metadataStore, { ...settings, leaseMs: 60_000 }),
  }),
  afterCrash(
    'lapsed-job-pending-again',
    'puts a job whose lease ran out back into the queue, as pending',
    'API-1',
    replacing('jobRepository', (real, { metadataStore }) => ({
      claim: async () => {
        const lapsed = { state: 'processing', lease_until: { $lt: new Date() } } as const;
        await metadataStore.run(({ jobs }) => jobs.updateMany(lapsed, { $set: { state: 'pending' } }));
        return await real.claim();
      },
    })),
  ),
  afterCrash(
    'counted-in-memory',
    'counts what it stores in memory',
    'OPS-3',
    replacing('logRepository', (real) => {
      const counts = new Map<string, JobMetrics>();
      return {
        add: async (records) => {
          await real.add(records);
          for (const { job_id, bytes } of records) counts.set(job_id, counted(counts.get(job_id), bytes));
        },
        metricsOf: async (jobId) => counts.get(jobId) ?? counted(undefined, undefined),
      };
    }),
  ),
  afterCrash(
    'manifest-from-memory',
    'lists in the manifest what this process stored',
    'OPS-3',
    replacing('logRepository', (real) => {
      const written: LogDocument[] = [];
      return {
        add: async (records) => {
          await real.add(records);
          written.push(...records);
        },
        writtenBy: async (jobId) => written.filter(({ job_id }) => job_id === jobId),
      };
    }),
  ),
  afterCrash(
    'present-object-taken-for-recorded',
    'takes a log whose object is there for one that it had done with',
    'OPS-3',
    replacing('logArchiver', (real, { naming, objectStore }) => ({
      archive: async (log, job, signal) => {
        const logId = naming.logId(job.provider_id, log.sourceId);
        const key = naming.objectKey(log.instant.dayPath, job.provider_id, logId);
        // The pipeline leaves out what needs no record.
        if (await objectStore.exists(key, signal)) return undefined as never;
        return await real.archive(log, job, signal);
      },
    })),
  ),
  afterCrash(
    'page-ticked-off-early',
    'notes a page as done once it is listed, and goes on after it',
    'OPS-3',
    tickedOff(),
  ),
  afterCrash('accepted-before-safe', 'answers before the job is written, to be quick', 'OPS-4', {
    jobRepository: acceptedBeforeSafe,
  }),
  afterCrash(
    'failed-jobs-tried-at-start',
    'gives failed jobs another chance whenever it starts',
    'OPS-5',
    triedAtStart({ state: 'failed' }),
  ),
  afterCrash(
    'storage-failures-tried-at-start',
    'takes up again, when it starts, the jobs that failed for want of storage',
    'OPS-5',
    triedAtStart({ state: 'failed', 'error.code': 'storage_unavailable' }),
  ),
  afterCrash(
    'jobs-failed-at-stop',
    'fails the jobs it has in hand when it is asked to stop',
    'OPS-6',
    replacing('jobRepository', (real) => ({
      release: async (claim) =>
        await real.fail(
          claim,
          { code: 'internal_error', message: 'The vault was stopped.' },
          counted(undefined, undefined),
        ),
    })),
  ),
  afterCrash(
    'stopped-job-pending-again',
    'puts the jobs it has in hand back into the queue, as pending, when it is asked to stop',
    'OPS-6',
    replacing('jobRepository', (real, { metadataStore }) => ({
      release: async (claim) => {
        await real.release(claim);
        const released = { _id: claim.job._id, state: 'processing' } as const;
        await metadataStore.run(({ jobs }) => jobs.updateOne(released, { $set: { state: 'pending' } }));
      },
    })),
  ),
  afterCrash('defaults-of-its-own', 'makes three attempts where it is told no number', 'OPS-7', {
    retryPolicy: ({ settings: { retryBaseMs, retryMaxAttempts } }) =>
      new FaultRetryPolicy({
        baseMs: retryBaseMs,
        maxAttempts: process.env.VAULT_RETRY_MAX_ATTEMPTS === undefined ? 3 : retryMaxAttempts,
      }),
  }),
  afterCrash('hasty-by-default', 'waits a tenth as long where it is told no wait', 'OPS-7', {
    retryPolicy: ({ settings: { retryBaseMs, retryMaxAttempts } }) =>
      new FaultRetryPolicy({
        baseMs: process.env.VAULT_RETRY_BASE_MS === undefined ? 10 : retryBaseMs,
        maxAttempts: retryMaxAttempts,
      }),
  }),
  afterCrash('busy-by-default', 'works on eight jobs at once where it is told no number', 'OPS-7', {
    worker: (made) =>
      new ClaimingWorker({
        ...made,
        ...made.settings,
        bucket: made.settings.s3Bucket,
        concurrency: process.env.VAULT_CONCURRENCY === undefined ? 8 : made.settings.concurrency,
      }),
  }),
];

function afterCrash(
  name: string,
  sentence: string,
  requirement: string,
  replacements: Partial<PartFactories>,
): Defect {
  return { name, sentence, requirement, replacements, needsProcess: true };
}

function counted(before: JobMetrics | undefined, bytes: number | undefined): JobMetrics {
  return {
    records_synced: (before?.records_synced ?? 0) + (bytes === undefined ? 0 : 1),
    bytes_written: (before?.bytes_written ?? 0) + (bytes ?? 0),
  };
}

/** Puts jobs that have ended back into the queue before it begins with its work. */
function triedAtStart(which: Filter<JobDocument>): Partial<PartFactories> {
  return replacing('worker', (real, { metadataStore }) => ({
    start: () => {
      const put = metadataStore.run(({ jobs }) => jobs.updateMany(which, { $set: { state: 'pending' } }));
      void put.finally(() => real.start());
    },
  }));
}

/** As a queue does whose messages are gone once they are received. */
function takenOffTheQueue(): Partial<PartFactories> {
  return replacing('jobRepository', (real, { metadataStore }) => {
    const inHand = new Map<string, JobDocument>();
    const putBack = async (jobId: string): Promise<void> => {
      const job = inHand.get(jobId);
      inHand.delete(jobId);
      if (job !== undefined) await metadataStore.run(({ jobs }) => jobs.insertOne(job));
    };
    return {
      claim: async () => {
        const claim = await real.claim();
        if (claim === undefined) return undefined;
        const { job } = claim;
        inHand.set(job._id, job);
        await metadataStore.run(({ jobs }) => jobs.deleteOne({ _id: job._id }));
        return claim;
      },
      find: async (jobId) => inHand.get(jobId) ?? (await real.find(jobId)),
      renew: async () => true,
      complete: async (claim, ...end) => {
        await putBack(claim.job._id);
        await real.complete(claim, ...end);
      },
      fail: async (claim, ...end) => {
        await putBack(claim.job._id);
        await real.fail(claim, ...end);
      },
      release: async (claim) => {
        await putBack(claim.job._id);
        await real.release(claim);
      },
    };
  });
}

/** The notes outlive the process; what they say was not stored yet. */
function tickedOff(): Partial<PartFactories> {
  return replacing('providerClient', (real, made) => {
    // Made after this part.
    const metadata = (): Made['metadataStore'] => made.metadataStore;
    const mine = new Set<string>();
    return {
      listPage: async (providerId, ...args) => {
        const page = await real.listPage(providerId, ...args);
        const id = (sourceId: string): string => `listed ${providerId} ${sourceId}`;
        const ids = page.logs.map(({ sourceId }) => id(sourceId));
        const noted = await metadata().run(({ jobs }) => jobs.find({ _id: { $in: ids } }).toArray());
        const done = new Set(noted.map(({ _id }) => _id).filter((known) => !mine.has(known)));
        for (const fresh of ids.filter((known) => !done.has(known) && !mine.has(known))) {
          mine.add(fresh);
          const note = { active_key: fresh, queue_slot: fresh, state: 'completed' } as const;
          await metadata().run(({ jobs }) =>
            jobs.updateOne({ _id: fresh }, { $set: note }, { upsert: true }),
          );
        }
        return { ...page, logs: page.logs.filter(({ sourceId }) => !done.has(id(sourceId))) };
      },
    };
  });
}

const WRITE_BEHIND_MS = 150;

/** New jobs are written a little later; meanwhile nobody who asks for one is told. */
function acceptedBeforeSafe({ metadataStore, settings }: Made): JobRepository {
  const queue = new MongoJobRepository(
    altered(metadataStore, {
      run: async (call) =>
        await metadataStore.run(async ({ jobs, logs }) => {
          const lazy = altered(jobs, {
            insertOne: async (job) => {
              void pause(WRITE_BEHIND_MS).then(() => jobs.insertOne(job).catch(() => undefined));
              return { acknowledged: true, insertedId: job._id as string };
            },
          });
          return await call({ jobs: lazy, logs });
        }),
    }),
    settings,
  );
  return altered<JobRepository>(queue, {
    find: async (jobId) => {
      const job = await queue.find(jobId);
      if (job !== undefined) return job;
      await pause(2 * WRITE_BEHIND_MS);
      return await queue.find(jobId);
    },
  });
}
