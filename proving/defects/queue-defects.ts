import { ClaimingWorker, type Worker } from '../../reference-vault/job-orchestration/worker';
import { defaultParts, type Made } from '../../reference-vault/parts';
import { type JobRepository, QueueFull } from '../../reference-vault/persistence/job-repository';
import { altered } from './altered';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { replacing } from './part-changes';

/** Bugs in who has to wait, who goes first and who is turned away. */
export const queueDefects: readonly Defect[] = [
  ...breaking('OPS-10', {
    'queue-without-limit: takes on whatever is asked for': unlimited(
      async (real, request) => await real.submit(request),
    ),
    'queue-counted-before-it-is-joined: counts the waiting jobs, and then adds one: two may do so at once':
      unlimited(async (real, request, { metadataStore, settings }) => {
        const waiting = await metadataStore.run(({ jobs }) => jobs.countDocuments({ state: 'pending' }));
        if (waiting >= settings.queueLimit) throw new QueueFull('The queue is full.');
        return await real.submit(request);
      }),
    'urgent-jobs-pass-a-full-queue: never turns away what is urgent': replacing(
      'jobRepository',
      (real, made) => {
        const unbounded = defaultParts.jobRepository({
          ...made,
          settings: { ...made.settings, queueLimit: 1_000_000 },
        });
        return {
          submit: async (request) => await (request.priority === 'high' ? unbounded : real).submit(request),
        };
      },
    ),
    'last-place-kept-from-low-jobs: keeps the last place in the queue for what matters more than a low job':
      replacing('jobRepository', (real, made) => {
        const queueLimit = made.settings.queueLimit - 1;
        const shorter = defaultParts.jobRepository({ ...made, settings: { ...made.settings, queueLimit } });
        return {
          submit: async (request) => await (request.priority === 'low' ? shorter : real).submit(request),
        };
      }),
    'queue-refuses-after-it-is-joined: refuses a job that is one too many without taking it out again':
      unlimited(async (real, request, { settings }) => {
        const submitted = await real.submit(request);
        if (submitted.ahead >= settings.queueLimit) throw new QueueFull('The queue is full.');
        return submitted;
      }),
    'queue-counts-ended-jobs: counts every job there is against the limit': {
      'jobRepository.submit': async ({ real, metadataStore, settings }, request) => {
        const all = await metadataStore.run(({ jobs }) => jobs.countDocuments({}));
        // The one that is being worked on does not wait.
        if (all > settings.queueLimit) throw new QueueFull('The queue is full.');
        return await real.submit(request);
      },
    },
    'queue-answers-without-retry-after: does not say when to come back': {
      errorRenderer: (made) => {
        const real = defaultParts.errorRenderer(made);
        return (error) => (error instanceof QueueFull ? { ...real(error), headers: {} } : real(error));
      },
    },
  }),
  ...breaking('OPS-11', {
    'full-queue-refuses-known-jobs: looks at the limit before it looks for a job of the same range': {
      'jobRepository.submit': async ({ real, metadataStore, settings }, request) => {
        const waiting = await metadataStore.run(({ jobs }) => jobs.countDocuments({ state: 'pending' }));
        if (waiting >= settings.queueLimit) throw new QueueFull('The queue is full.');
        return await real.submit(request);
      },
    },
  }),
  ...breaking('OPS-12', {
    'priority-left-out: works on jobs in the order in which they came': {
      'requestValidation.ingest': ({ real }, body) => ({ ...real.ingest(body), priority: 'normal' }),
    },
    'priority-sorted-by-name: sorts the names of priorities, where low comes before normal': ranking({
      high: 0,
      low: 1,
      normal: 2,
    }),
    'priority-sorted-the-wrong-way: begins with the lowest priority': ranking({ high: 2, normal: 1, low: 0 }),
    'unranked-jobs-last: takes a job without a priority for a low one': {
      'requestValidation.ingest': ({ real }, body) => ({
        ...real.ingest(body),
        ...(typeof body === 'object' && body !== null && 'priority' in body ? {} : { priority: 'low' }),
      }),
    },
    'priority-changed-by-asking-again: gives a waiting job the priority of whoever asks for it last': {
      'jobRepository.submit': async ({ real, metadataStore }, request) => {
        const submitted = await real.submit(request);
        await metadataStore.run(({ jobs }) =>
          jobs.updateOne({ _id: submitted.jobId }, { $set: { priority_rank: RANKS[request.priority] } }),
        );
        return submitted;
      },
    },
  }),
  ...breaking('OPS-13', {
    'concurrency-one-too-many: looks whether there are more than it may, not whether there are as many':
      working((most) => most + 1),
    'concurrency-always-4: works on 4 jobs at a time, whatever it is told': working(() => 4),
    'express-lane: keeps one hand for what is urgent, beside as many as it may have': {
      worker: withExpressLane,
    },
    'work-begun-before-it-is-said: calls a job processing only once its first log is stored': {
      'jobStatus.of': async ({ real }, jobId) => {
        const answer = await real.of(jobId);
        return answer.state === 'processing' && answer.metrics.records_synced === 0
          ? { ...answer, state: 'pending' }
          : answer;
      },
    },
  }),
];

const RANKS = { high: 0, normal: 1, low: 2 } as const;

/** Submits to a queue that has no limit of its own. */
function unlimited(
  submit: (
    real: JobRepository,
    request: Parameters<JobRepository['submit']>[0],
    made: Made,
  ) => ReturnType<JobRepository['submit']>,
): Change {
  return {
    jobRepository: (made) => {
      const { settings } = made;
      const real = defaultParts.jobRepository({ ...made, settings: { ...settings, queueLimit: 1_000_000 } });
      return altered(real, { submit: async (request) => await submit(real, request, made) });
    },
  };
}

/** Ranks priorities in another way: corrects each job's rank once it is queued. */
function ranking(ranks: Readonly<Record<keyof typeof RANKS, number>>): Change {
  return {
    'jobRepository.submit': async ({ real, metadataStore }, request) => {
      const submitted = await real.submit(request);
      await metadataStore.run(({ jobs }) =>
        jobs.updateOne({ _id: submitted.jobId }, { $set: { priority_rank: ranks[request.priority] } }),
      );
      return submitted;
    },
  };
}

/** Works on another number of jobs at a time. */
function working(most: (concurrency: number) => number): Change {
  return {
    worker: (made) =>
      new ClaimingWorker({
        ...made,
        ...made.settings,
        bucket: made.settings.s3Bucket,
        concurrency: most(made.settings.concurrency),
      }),
  };
}

/** A second worker, which takes nothing but urgent jobs. */
function withExpressLane(made: Made): Worker {
  const { jobRepository, metadataStore, settings } = made;
  const claim: JobRepository['claim'] = async () => {
    const urgent = { state: 'pending', priority_rank: RANKS.high } as const;
    const isThere = (await metadataStore.run(({ jobs }) => jobs.findOne(urgent))) !== null;
    return isThere ? await jobRepository.claim() : undefined;
  };
  const parts = { ...made, ...settings, bucket: settings.s3Bucket };
  const usual = new ClaimingWorker(parts);
  const express = new ClaimingWorker({
    ...parts,
    concurrency: 1,
    jobRepository: altered(jobRepository, { claim }),
  });
  return {
    start: () => {
      usual.start();
      express.start();
    },
    wake: () => {
      usual.wake();
      express.wake();
    },
    stop: async () => {
      await Promise.all([usual.stop(), express.stop()]);
    },
  };
}
