import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobAnswer } from '../../reference-vault/ingestion-api/job-status';
import {
  BatchingPipeline,
  type IngestionPipeline,
} from '../../reference-vault/job-orchestration/ingestion-pipeline';
import { RetryingLogArchiver } from '../../reference-vault/job-orchestration/log-archiver';
import type { Made } from '../../reference-vault/parts';
import type { JobState } from '../../reference-vault/persistence/documents';
import type { ObjectStore } from '../../reference-vault/persistence/object-store';
import type { ProviderClient } from '../../reference-vault/provider-integration/provider-client';
import { LogUnknown } from '../../reference-vault/retrieval/raw-retrieval';
import { altered } from './altered';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { opening, replacing } from './part-changes';

/** Bugs in what a job says of itself. */
export const jobLifeDefects: readonly Defect[] = [
  ...breaking('API-1', {
    'state-flaps-back-once: reads states from a replica that lags: an ended job is processing once more':
      saying(({ answer, looksSinceEnd }) =>
        looksSinceEnd === 2 ? { ...ongoing(answer), state: 'processing' } : answer,
      ),
    'state-back-to-pending: shows a job as pending between two of its batches': saying(({ answer, looks }) =>
      answer.state === 'processing' && looks % 2 === 0 ? { ...answer, state: 'pending' } : answer,
    ),
    'ended-job-fails-later: fails jobs that are older than some time-out, ended ones too': saying(
      ({ answer, sinceEndMs }) =>
        sinceEndMs > 100
          ? {
              ...ongoing(answer),
              state: 'failed',
              error: { code: 'internal_error', message: 'The job took too long.' },
            }
          : answer,
    ),
    'ended-job-completes-later: retries failed jobs without saying so, and then they are completed': saying(
      ({ answer, sinceEndMs }) =>
        answer.state === 'failed' && sinceEndMs > 100 ? { ...ongoing(answer), state: 'completed' } : answer,
    ),
    'ended-job-counts-on: adds to the metrics of a job after its end': saying(({ answer, sinceEndMs }) =>
      sinceEndMs > 100
        ? { ...answer, metrics: { ...answer.metrics, records_synced: answer.metrics.records_synced + 1 } }
        : answer,
    ),
    'state-called-otherwise: calls the state of a running job "running"': saying(({ answer }) =>
      answer.state === 'processing' ? { ...answer, state: 'running' as JobState } : answer,
    ),
    'failed-job-queued-again: puts a failed job back into the queue': {
      'jobRepository.fail': async ({ real, metadataStore }, claim, failure, metrics) => {
        await real.fail(claim, failure, metrics);
        await pause(100);
        await metadataStore.run(({ jobs }) =>
          jobs.updateOne({ _id: claim.job._id }, { $set: { state: 'pending' } }),
        );
      },
    },
    'lease-never-renewed: leases a job once, for as long as jobs usually take, and then begins it anew': {
      'jobRepository.claim': async ({ real }) => {
        const claim = await real.claim();
        return claim === undefined ? undefined : { ...claim, resumed: false };
      },
      'jobRepository.renew': async () => true,
    },
  }),
  ...breaking('API-2', {
    'completed-before-stored: starts the work without awaiting it, and completes the job': {
      'pipeline.run': async ({ real, naming }, claim, signal) => {
        void real.run(claim, signal).catch(() => undefined);
        return naming.manifestKey(claim.job.range.start.slice(0, 10).replaceAll('-', '/'), claim.job._id);
      },
    },
    'completed-before-metadata: writes metadata in the background, a moment after the job is completed': {
      'logRepository.add': async ({ real }, records) => {
        void pause(250).then(() => real.add(records).catch(() => undefined));
      },
    },
    'completed-before-the-last-log: completes a job when all its logs but one are stored': {
      'logRepository.add': async ({ real }, records) => {
        await real.add(records.slice(0, -1));
        void pause(250).then(() => real.add(records.slice(-1)).catch(() => undefined));
      },
    },
    'search-lags-behind: searches an index that is refreshed now and then': laggingSearch(150),
    'first-read-unknown: reads metadata from a replica, which does not know a new log yet': lateRead(),
    'lost-object-stored-under-its-new-day: puts a lost object back under the day that its log has now': {
      pipeline: restoringByListing,
    },
    'lost-object-passed-over: completes a job over a log whose record it has and whose object is lost': {
      'logArchiver.restore': async () => undefined,
    },
  }),
];

interface Look {
  readonly answer: JobAnswer;
  /** The times that the job was looked at, this time included; and since its end was first seen. */
  readonly looks: number;
  readonly looksSinceEnd: number;
  /** Milliseconds since its end was first seen; 0 before. */
  readonly sinceEndMs: number;
}

/** Something else is said of a job. */
function saying(say: (look: Look) => JobAnswer): Change {
  return replacing('jobStatus', (real) => {
    const seen = new Map<string, { looks: number; looksSinceEnd: number; endedAt: number | undefined }>();
    return {
      of: async (jobId) => {
        const answer = await real.of(jobId);
        const before = seen.get(jobId) ?? { looks: 0, looksSinceEnd: 0, endedAt: undefined };
        const hasEnded = answer.state === 'completed' || answer.state === 'failed';
        const look = {
          looks: before.looks + 1,
          looksSinceEnd: before.looksSinceEnd + (hasEnded ? 1 : 0),
          endedAt: hasEnded ? (before.endedAt ?? performance.now()) : undefined,
        };
        seen.set(jobId, look);
        const sinceEndMs = look.endedAt === undefined ? 0 : performance.now() - look.endedAt;
        return say({ answer, ...look, sinceEndMs });
      },
    };
  });
}

/** Without what only an ended job says. */
function ongoing({ job_id, state, metrics }: JobAnswer): JobAnswer {
  return { job_id, state, metrics, artifacts: {} };
}

function laggingSearch(lagMs: number): Change {
  return replacing('search', (real) => {
    const firstAsked = new Map<string, number>();
    return {
      page: async (request) => {
        const answer = await real.page(request);
        const now = performance.now();
        for (const { id } of answer.data) if (!firstAsked.has(id)) firstAsked.set(id, now);
        const data = answer.data.filter(({ id }) => now - (firstAsked.get(id) ?? now) > lagMs);
        return { data, meta: { total_count: data.length, has_more: false } };
      },
    };
  });
}

function lateRead(): Change {
  const known = new Set<string>();
  return opening(async (real, logId, signal) => {
    if (known.has(logId)) return await real.open(logId, signal);
    known.add(logId);
    throw new LogUnknown('There is no such log.');
  });
}

/** Lost objects are stored under the keys that new logs would have. */
function restoringByListing(made: Made): IngestionPipeline {
  const { naming, objectStore, providerClient, settings } = made;
  const keys = new Map<string, string>();
  const listPage: ProviderClient['listPage'] = async (providerId, ...rest) => {
    const page = await providerClient.listPage(providerId, ...rest);
    for (const { sourceId, instant } of page.logs) {
      const logId = naming.logId(providerId, sourceId);
      keys.set(logId, naming.objectKey(instant.dayPath, providerId, logId));
    }
    return page;
  };
  const put: ObjectStore['put'] = async (key, ...rest) =>
    await objectStore.put(keys.get(path.basename(key, '.json')) ?? key, ...rest);
  const logArchiver = new RetryingLogArchiver({
    ...made,
    bucket: settings.s3Bucket,
    objectStore: altered(objectStore, { put }),
  });
  return new BatchingPipeline({
    ...made,
    logArchiver,
    providerClient: altered(providerClient, { listPage }),
  });
}
