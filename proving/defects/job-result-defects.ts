import type { JobAnswer } from '../../reference-vault/ingestion-api/job-status';
import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { JobRepository } from '../../reference-vault/persistence/job-repository';
import type { ObjectStore } from '../../reference-vault/persistence/object-store';
import type { Change } from './change';
import { breaking, type Defect } from './defect';

type Fail = Parameters<JobRepository['fail']>;

const NOTHING = { records_synced: 0, bytes_written: 0 };

/** Bugs in the account that a job gives of its work. */
export const jobResultDefects: readonly Defect[] = [
  ...breaking('API-15', {
    'failed-job-counts-nothing: counts what a job wrote only when it completes': failing((failure) => [
      failure,
      NOTHING,
    ]),
    'manifest-counted-as-written: counts the bytes of the manifest, too': {
      'jobRepository.complete': async ({ real }, claim, path, metrics) =>
        await real.complete(claim, path, { ...metrics, bytes_written: metrics.bytes_written + 200 }),
    },
    'listing-counted-as-written: counts the logs of its range, whoever wrote them': {
      'logRepository.metricsOf': async ({ real }) => {
        const { logs } = await real.page({ limit: 1000, offset: 0 });
        return {
          records_synced: logs.length,
          bytes_written: logs.reduce((sum, { bytes }) => sum + bytes, 0),
        };
      },
    },
    'line-ends-counted-once: counts bytes after a text reader, which takes CR LF for one line end': {
      'logArchiver.archive': async ({ real, objectStore }, log, job, signal) => {
        const record = await real.archive(log, job, signal);
        const text = await storedText(objectStore, record, signal);
        return { ...record, bytes: record.bytes - (text.match(/\r\n/g)?.length ?? 0) };
      },
    },
    'refused-job-counts-nothing: counts nothing for a job that storage refused': failing(
      (failure, metrics) => [failure, failure.code === 'storage_rejected' ? NOTHING : metrics],
    ),
  }),
  ...breaking('API-16', {
    'artifact-named-too-early: names the manifest from the beginning': saying((answer) => ({
      ...answer,
      artifacts: { s3_path: answer.artifacts.s3_path ?? `s3://vault/${answer.job_id}/logs.json` },
    })),
    'artifact-left-out: does not name the manifest': saying((answer) => ({
      ...answer,
      artifacts: {},
    })),
    'artifact-named-by-key: names the key of the manifest, without its bucket': saying((answer) => ({
      ...answer,
      artifacts:
        answer.artifacts.s3_path === undefined
          ? {}
          : { s3_path: answer.artifacts.s3_path.replace(/^s3:\/\/[^/]+\//, '') },
    })),
  }),
  ...breaking('API-18', {
    'outage-without-words: says of an outage of storage by its code alone that it failed a job': failing(
      (failure, metrics) => [
        failure.code === 'storage_unavailable' ? { ...failure, message: '' } : failure,
        metrics,
      ],
    ),
    'failed-job-without-message: says by a code alone why a job failed': failing(({ code }, metrics) => [
      { code, message: '' },
      metrics,
    ]),
    'failed-job-names-a-manifest: names a manifest for a failed job, too': saying((answer) => ({
      ...answer,
      artifacts:
        answer.state === 'failed' ? { s3_path: `s3://vault/${answer.job_id}/logs.json` } : answer.artifacts,
    })),
  }),
  ...breaking('SEC-3', {
    'failed-job-with-stack-trace: says where in the code a job failed': failing((failure, metrics) => [
      { ...failure, message: String(new Error(failure.message).stack) },
      metrics,
    ]),
  }),
  ...breaking('API-19', {
    'unknown-job-pending: takes a job that it cannot find for one that was not written yet': {
      'jobStatus.of': async ({ real }, jobId) =>
        await real.of(jobId).catch(() => ({
          job_id: jobId,
          state: 'pending' as const,
          metrics: { records_synced: 0, bytes_written: 0 },
          artifacts: {},
        })),
    },
    'strange-job-id-answered-400: answers 400 to an id that is none of its own': {
      'jobStatus.of': async ({ real }, jobId) => {
        if (!/^job_[0-9a-f]{24}$/.test(jobId)) throw new BadRequest('job_id is malformed.');
        return await real.of(jobId);
      },
    },
  }),
];

function saying(say: (answer: JobAnswer) => JobAnswer): Change {
  return { 'jobStatus.of': async ({ real }, jobId) => say(await real.of(jobId)) };
}

async function storedText(store: ObjectStore, { object }: LogDocument, signal: AbortSignal): Promise<string> {
  const stored = await store.open(object.key, signal);
  const chunks: Buffer[] = [];
  for await (const chunk of stored?.body ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Says in another way that a job failed, or what it had written by then. */
function failing(change: (failure: Fail[1], metrics: Fail[2]) => readonly [Fail[1], Fail[2]]): Change {
  return {
    'jobRepository.fail': async ({ real }, claim, failure, metrics) =>
      await real.fail(claim, ...change(failure, metrics)),
  };
}
