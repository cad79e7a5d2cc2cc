import { setTimeout as pause } from 'node:timers/promises';
import { VaultFault } from '../../reference-vault/faults';
import type { Made } from '../../reference-vault/parts';
import type { JobDocument } from '../../reference-vault/persistence/documents';
import { type JobRepository, MongoJobRepository } from '../../reference-vault/persistence/job-repository';
import { altered } from './altered';
import type { Change } from './change';
import { breaking, type Defect, ofProcess } from './defect';
import { replacing } from './part-changes';

/** Bugs by which a job is lost when its process dies. */
export const crashDefects: readonly Defect[] = [
  ...breaking('OPS-1', {
    'job-taken-off-the-queue: takes a job off the queue while it works on it': takenOffTheQueue(),
    'running-job-not-found-again: only looks for pending jobs when it starts': {
      'jobRepository.claim': async ({ real }) => {
        const claim = await real.claim();
        return claim?.resumed === true ? undefined : claim;
      },
    },
    'running-job-failed-at-start: takes a job that was running when it died for a failed one': {
      'pipeline.run': async ({ real }, claim, signal) => {
        if (!claim.resumed) return await real.run(claim, signal);
        throw new VaultFault('internal_error', 'The job was interrupted.', { transient: false });
      },
    },
    'third-attempt-given-up: gives a job up that interrupted two processes, for it may be what killed them': {
      'pipeline.run': async ({ real }, claim, signal) => {
        if (claim.job.claims < 3) return await real.run(claim, signal);
        throw new VaultFault('internal_error', 'The job was interrupted too often.', { transient: false });
      },
    },
  }).map(ofProcess),
  ...breaking('OPS-2', {
    'lease-of-a-minute: leases jobs for a minute, whatever it is told': {
      jobRepository: ({ metadataStore, settings }) =>
        new MongoJobRepository(metadataStore, { ...settings, leaseMs: 60_000 }),
    },
  }).map(ofProcess),
  ...breaking('API-1', {
    'lapsed-job-pending-again: puts a job whose lease ran out back into the queue, as pending': {
      'jobRepository.claim': async ({ real, metadataStore }) => {
        const lapsed = { state: 'processing', lease_until: { $lt: new Date() } } as const;
        await metadataStore.run(({ jobs }) => jobs.updateMany(lapsed, { $set: { state: 'pending' } }));
        return await real.claim();
      },
    },
  }).map(ofProcess),
  ...breaking('OPS-4', {
    'accepted-before-safe: answers before the job is written, to be quick': {
      jobRepository: acceptedBeforeSafe,
    },
  }).map(ofProcess),
];

/** As a queue does whose messages are gone once they are received. */
function takenOffTheQueue(): Change {
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
