import type { JobAnswer } from '../../reference-vault/ingestion-api/job-status';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { JobRepository } from '../../reference-vault/persistence/job-repository';
import type { ObjectStore } from '../../reference-vault/persistence/object-store';
import type { Defect } from './defect';
import { replacing } from './part-changes';

type Fail = Parameters<JobRepository['fail']>;

const NOTHING = { records_synced: 0, bytes_written: 0 };

/** Bugs in the account that a job gives of its work. */
export const jobResultDefects: readonly Defect[] = [
  {
    name: 'failed-job-counts-nothing',
    sentence: 'counts what a job wrote only when it completes',
    requirement: 'API-15',
    smoke: true,
    replacements: failing((failure) => [failure, NOTHING]),
  },
  {
    name: 'manifest-counted-as-written',
    sentence: 'counts the bytes of the manifest, too',
    requirement: 'API-15',
    replacements: replacing('jobRepository', (real) => ({
      complete: async (claim, path, metrics) =>
        await real.complete(claim, path, { ...metrics, bytes_written: metrics.bytes_written + 200 }),
    })),
  },
  {
    name: 'listing-counted-as-written',
    sentence: 'counts the logs of its range, whoever wrote them',
    requirement: 'API-15',
    replacements: replacing('logRepository', (real) => ({
      metricsOf: async () => {
        const { logs } = await real.page({ limit: 1000, offset: 0 });
        return {
          records_synced: logs.length,
          bytes_written: logs.reduce((sum, { bytes }) => sum + bytes, 0),
        };
      },
    })),
  },
  {
    name: 'line-ends-counted-once',
    sentence: 'counts bytes after a text reader, which takes CR LF for one line end',
    requirement: 'API-15',
    replacements: replacing('logArchiver', (real, { objectStore }) => ({
      archive: async (log, job, signal) => {
        const record = await real.archive(log, job, signal);
        const text = await storedText(objectStore, record, signal);
        return { ...record, bytes: record.bytes - (text.match(/\r\n/g)?.length ?? 0) };
      },
    })),
  },
  saying('artifact-named-too-early', 'API-16', 'names the manifest from the beginning', (answer) => ({
    ...answer,
    artifacts: { s3_path: answer.artifacts.s3_path ?? `s3://vault/${answer.job_id}/logs.json` },
  })),
  saying('artifact-left-out', 'API-16', 'does not name the manifest', (answer) => ({
    ...answer,
    artifacts: {},
  })),
  saying(
    'artifact-named-by-key',
    'API-16',
    'names the key of the manifest, without its bucket',
    (answer) => ({
      ...answer,
      artifacts:
        answer.artifacts.s3_path === undefined
          ? {}
          : { s3_path: answer.artifacts.s3_path.replace(/^s3:\/\/[^/]+\//, '') },
    }),
  ),
  {
    name: 'refused-job-counts-nothing',
    sentence: 'counts nothing for a job that storage refused',
    requirement: 'API-15',
    replacements: failing((failure, metrics) => [
      failure,
      failure.code === 'storage_rejected' ? NOTHING : metrics,
    ]),
  },
  {
    name: 'outage-without-words',
    sentence: 'says of an outage of storage by its code alone that it failed a job',
    requirement: 'API-18',
    replacements: failing((failure, metrics) => [
      failure.code === 'storage_unavailable' ? { ...failure, message: '' } : failure,
      metrics,
    ]),
  },
  {
    name: 'failed-job-without-message',
    sentence: 'says by a code alone why a job failed',
    requirement: 'API-18',
    replacements: failing(({ code }, metrics) => [{ code, message: '' }, metrics]),
  },
  saying('failed-job-names-a-manifest', 'API-18', 'names a manifest for a failed job, too', (answer) => ({
    ...answer,
    artifacts:
      answer.state === 'failed' ? { s3_path: `s3://vault/${answer.job_id}/logs.json` } : answer.artifacts,
  })),
  {
    name: 'failed-job-with-stack-trace',
    sentence: 'says where in the code a job failed',
    requirement: 'SEC-3',
    replacements: failing((failure, metrics) => [
      { ...failure, message: String(new Error(failure.message).stack) },
      metrics,
    ]),
  },
  {
    name: 'unknown-job-pending',
    sentence: 'takes a job that it cannot find for one that was not written yet',
    requirement: 'API-19',
    smoke: true,
    replacements: replacing('jobStatus', (real) => ({
      of: async (jobId) =>
        await real.of(jobId).catch(() => ({
          job_id: jobId,
          state: 'pending' as const,
          metrics: { records_synced: 0, bytes_written: 0 },
          artifacts: {},
        })),
    })),
  },
  {
    name: 'strange-job-id-answered-400',
    sentence: 'answers 400 to an id that is none of its own',
    requirement: 'API-19',
    replacements: replacing('jobStatus', (real) => ({
      of: async (jobId) => {
        if (!/^job_[0-9a-f]{24}$/.test(jobId)) throw new BadRequest('job_id is malformed.');
        return await real.of(jobId);
      },
    })),
  },
];

function saying(
  name: string,
  requirement: string,
  sentence: string,
  say: (answer: JobAnswer) => JobAnswer,
): Defect {
  return {
    name,
    sentence,
    requirement,
    replacements: replacing('jobStatus', (real) => ({ of: async (jobId) => say(await real.of(jobId)) })),
  };
}

async function storedText(store: ObjectStore, { object }: LogDocument, signal: AbortSignal): Promise<string> {
  const stored = await store.open(object.key, signal);
  const chunks: Buffer[] = [];
  for await (const chunk of stored?.body ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Says in another way that a job failed, or what it had written by then. */
function failing(
  change: (failure: Fail[1], metrics: Fail[2]) => readonly [Fail[1], Fail[2]],
): Defect['replacements'] {
  return replacing('jobRepository', (real) => ({
    fail: async (claim, failure, metrics) => await real.fail(claim, ...change(failure, metrics)),
  }));
}
