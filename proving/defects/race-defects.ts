import { createHash, randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { IngestRequest, JobDocument, LogDocument } from '../../reference-vault/persistence/documents';
import type { JobRepository } from '../../reference-vault/persistence/job-repository';
import type { Change } from './change';
import { breaking, type Defect, ofProcess } from './defect';
import { overwrite, recordOf, replacing } from './part-changes';

/** The memory of one process, which the one that is started after it has not. */
const PROCESS = randomUUID();

type Submitted = ReturnType<JobRepository['submit']>;

/** Bugs that show when something is asked for twice, or by several at once. */
export const raceDefects: readonly Defect[] = [
  ...breaking('CON-11', {
    'jobs-told-apart-by-their-ends: takes jobs that end at the same instant for the same': {
      'requestValidation.ingest': ({ real }, body) => {
        const request = real.ingest(body);
        const [provider, , end] = request.coalescingKey.split('\n');
        return { ...request, coalescingKey: [provider, end].join('\n') };
      },
    },
    'only-waiting-jobs-shared: gives a job to the next who asks only as long as it is pending': submitting(
      async (real, request, jobs) => {
        const active = await jobs.findOne({ active_key: request.coalescingKey, state: 'processing' });
        if (active !== null) {
          const own = `${request.coalescingKey}\n${randomUUID()}`;
          return await real({ ...request, coalescingKey: own });
        }
        return await real();
      },
    ),
    'job-looked-for-and-then-made: looks for an active job, then makes one: two may do so at once':
      submitting(async (real, request, jobs) => {
        const active = await jobs.findOne({
          ...sameRange(request),
          state: { $in: ['pending', 'processing'] },
        });
        if (active !== null) return { jobId: active._id, ahead: 0 };
        const own = `${request.coalescingKey}\n${randomUUID()}`;
        return await real({ ...request, coalescingKey: own });
      }),
    'ranges-compared-as-text: takes ranges for the same when they are written the same': sharing(
      ({ range, ...request }) => [request.providerId, range.start, range.end].join('\n'),
    ),
    'ranges-compared-by-the-second: takes ranges for the same when they are within a second': sharing(
      ({ range, ...request }) =>
        [
          request.providerId,
          Math.floor(Date.parse(range.start) / 1000),
          Math.floor(Date.parse(range.end) / 1000),
        ].join('\n'),
    ),
    'jobs-shared-by-priority: makes a job of its own for each priority': sharing(
      ({ coalescingKey, priority }) => [coalescingKey, priority].join('\n'),
    ),
  }),
  ...breaking('CON-10', {
    're-ingest-stores-again: does not look for logs that it has, and writes their records anew': {
      'logRepository.recorded': async () => new Map<string, LogDocument>(),
      'logRepository.add': async ({ metadataStore }, records) =>
        await metadataStore.run(({ logs }) => writeOver(logs, records)),
    },
    'earlier-counts-reset: sets the counts of earlier jobs of a range to 0, so that no log counts twice': {
      'jobRepository.submit': async ({ real, metadataStore }, request) => {
        const none = { metrics: { records_synced: 0, bytes_written: 0 } };
        await metadataStore.run(({ jobs }) => jobs.updateMany({ state: 'completed' }, { $set: none }));
        return await real.submit(request);
      },
    },
    'ended-job-given-again: answers with the job of the same range, even when it has ended long ago':
      submitting(async (real, request, jobs) => {
        const before = await jobs.findOne(sameRange(request));
        return before === null ? await real() : { jobId: before._id, ahead: 0 };
      }),
  }),
  ...breaking('CON-12', {
    'known-log-dated-anew: keeps the timestamp of a known log up to date': {
      'logRepository.recorded': async () => new Map<string, LogDocument>(),
      'logRepository.add': async ({ metadataStore }, records) =>
        await metadataStore.run(async ({ logs }) => {
          for (const { timestamp, instant, ...rest } of records) {
            await logs.updateOne(
              { _id: rest._id },
              { $set: { timestamp, instant }, $setOnInsert: rest },
              { upsert: true },
            );
          }
        }),
    },
    'log-id-of-the-source-id-alone: makes the id of a log from its id at the provider alone': naming(
      (_, id) => id,
    ),
    'log-id-joined-by-a-colon: joins provider and id by a colon': naming(
      (provider, id) => `${provider}:${id}`,
    ),
    'log-id-of-128-characters: cuts ids at 128 characters before it hashes them': naming(
      (provider, id) => `${provider}\n${id.slice(0, 128)}`,
    ),
  }),
  ...breaking('CON-11', {
    'active-jobs-kept-in-memory: knows only of the active jobs that it was given since its start': submitting(
      async (real, request) => real({ ...request, coalescingKey: `${request.coalescingKey}\n${PROCESS}` }),
    ),
  }).map(ofProcess),
  ...breaking('CON-15', {
    'jobs-shared-within-a-process: keeps the active jobs in memory, where another process does not see them':
      replacing('jobRepository', (real) => {
        const process = randomUUID();
        return {
          submit: async ({ coalescingKey, ...request }) =>
            await real.submit({ ...request, coalescingKey: `${coalescingKey}\n${process}` }),
        };
      }),
  }),
  ...breaking('CON-13', {
    'last-job-owns-the-record: writes records over those that another job has written meanwhile': {
      'logRepository.add': async ({ metadataStore }, records) =>
        await metadataStore.run(({ logs }) => writeOver(logs, records)),
    },
    'log-in-other-hands-taken-for-stored: describes a log that another job still uploads, without a wait':
      replacing('logArchiver', (real, made) => {
        const inHand = new Set<string>();
        return {
          archive: async (log, job, signal) => {
            const logId = made.naming.logId(job.provider_id, log.sourceId);
            if (inHand.has(logId)) return await recordOf(made, log, job, signal);
            inHand.add(logId);
            try {
              return await real.archive(log, job, signal);
            } finally {
              inHand.delete(logId);
            }
          },
        };
      }),
  }),
  ...breaking('CON-7', {
    'upload-after-a-look: looks whether there is an object, and then uploads without a condition': {
      'objectStore.put': async ({ real, s3Client, settings }, key, bytes, signal) => {
        if (await real.exists(key, signal)) return 'present';
        await overwrite({ s3Client, settings }, key, bytes, signal);
        return 'stored';
      },
    },
  }),
  ...breaking('FID-4', {
    'payloads-shared-between-providers: remembers payloads by their id, whoever provides them': replacing(
      'providerClient',
      (real) => {
        const payloads = new Map<string, Promise<Buffer>>();
        return {
          fetchPayload: async (providerId, sourceId, signal) => {
            const payload = payloads.get(sourceId) ?? real.fetchPayload(providerId, sourceId, signal);
            payloads.set(sourceId, payload);
            return await payload.finally(() => setTimeout(() => payloads.delete(sourceId), 1000).unref());
          },
        };
      },
    ),
  }),
];

/**
 * Takes an ingestion on in another way.
 * @param submit is given the real way, for the same request or for another
 */
function submitting(
  submit: (
    real: (other?: IngestRequest) => Submitted,
    request: IngestRequest,
    jobs: Collection<JobDocument>,
  ) => Submitted,
): Change {
  return {
    'jobRepository.submit': async ({ real, metadataStore }, request) =>
      await metadataStore.run(({ jobs }) => submit((other = request) => real.submit(other), request, jobs)),
  };
}

/** Decides otherwise which requests share a job. */
function sharing(keyOf: (request: IngestRequest) => string): Change {
  return {
    'requestValidation.ingest': ({ real }, body) => {
      const request = real.ingest(body);
      return { ...request, coalescingKey: keyOf(request) };
    },
  };
}

/** Makes the id of a log from something else. */
function naming(identity: (providerId: string, sourceId: string) => string): Change {
  return {
    'naming.logId': (_given, providerId, sourceId) =>
      `log_${createHash('sha256').update(identity(providerId, sourceId)).digest('hex').slice(0, 24)}`,
  };
}

function sameRange({ providerId, range }: IngestRequest): Pick<JobDocument, 'provider_id' | 'range'> {
  return { provider_id: providerId, range };
}

async function writeOver(logs: Collection<LogDocument>, records: readonly LogDocument[]): Promise<void> {
  for (const { _id, ...record } of records) await logs.replaceOne({ _id }, record, { upsert: true });
}
