import { storageFault, VaultFault } from '../../reference-vault/faults';
import { RetryingLogArchiver } from '../../reference-vault/job-orchestration/log-archiver';
import type { Made } from '../../reference-vault/parts';
import { S3ObjectStore } from '../../reference-vault/persistence/object-store';
import {
  exponentialWait,
  FaultRetryPolicy,
  type RetryPolicy,
  type RetryWait,
} from '../../reference-vault/persistence/retry-policy';
import { SilentCall } from '../../reference-vault/silence';
import { altered } from './altered';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { isFault, replacing, rescued, uploading, waitingBy } from './part-changes';

/** Bugs in whether, when and with what an upload is tried again. */
export const retryDefects: readonly Defect[] = [
  ...breaking('RES-1', {
    'no-retry: gives up after the first failed upload, because the SDK "does the retrying"': attempts(
      () => 1,
    ),
    'attempts-shared-by-a-job: counts the failures of a job where it should count those of an upload':
      replacing('retryPolicy', (real, { settings }) => {
        const failures = new WeakMap<AbortSignal, number>();
        return {
          byAttempts: async (call, signal) =>
            await real.byAttempts(async () => {
              try {
                return await call();
              } catch (error) {
                const count = (failures.get(signal) ?? 0) + 1;
                failures.set(signal, count);
                if (count < settings.retryMaxAttempts) throw error;
                throw new VaultFault('storage_unavailable', 'The job has no attempt left.', {
                  transient: false,
                });
              }
            }, signal),
        };
      }),
    'slow-down-not-retried: retries 500 but takes 503 SlowDown for a refusal': notRetried(hasStatus(503)),
    'internal-error-not-retried: retries 503 but takes 500 InternalError for a refusal': notRetried(
      hasStatus(500),
    ),
    'reset-not-retried: retries answers, not connections that break': notRetried(isReset),
    'silence-not-retried: gives up for good when storage stays silent': notRetried(isSilence),
    'silence-waited-for: waits for storage without a limit': {
      objectStore: ({ s3Client, settings }) => new S3ObjectStore(s3Client, settings.s3Bucket, 3_600_000),
    },
    'stored-without-answer-refused: takes its own object, stored though the answer was lost, for a conflict':
      uploading(async (real, key, bytes, signal) => {
        if ((await real.put(key, bytes, signal)) === 'stored') return 'stored';
        throw storageFault('rejected', 'There is an object of that key already.');
      }),
  }),
  ...breaking('RES-4', {
    'one-attempt-too-few: counts the first attempt as a retry': attempts((most) => most - 1),
    'one-attempt-too-many: takes the number of attempts for a number of retries': attempts(
      (most) => most + 1,
    ),
    'endless-retry: tries as long as the fault is transient, without a limit': attempts(
      () => Number.POSITIVE_INFINITY,
    ),
    'breaks-counted-apart: tries twice as often when connections break': answersCounted(),
  }),
  ...breaking('RES-2', {
    'retry-without-wait: retries at once': waitingBy(() => 0),
    'first-retry-without-wait: waits only from the second retry on': waitingBy((failures, fault, baseMs) =>
      failures === 1 ? 0 : exponentialWait(failures, fault, baseMs),
    ),
    'constant-wait: waits as long before each attempt': waitingBy(
      (_failures, _fault, baseMs) => 0.6 * baseMs,
    ),
    'linear-wait: waits in steps that add up instead of doubling': waitingBy(
      (failures, _fault, baseMs) => ((failures + 1) * baseMs) / 4,
    ),
    'capped-wait: caps the wait at its base': waitingBy((failures, fault, baseMs) =>
      Math.min(exponentialWait(failures, fault, baseMs), baseMs),
    ),
    'jitter-down-to-nothing: draws the wait between nothing and the nominal one': waitingBy(
      (failures, _fault, baseMs) =>
        // One that such a draw may give; a fair one would hide the defect now and then.
        0.1 * baseMs * 2 ** (failures - 1),
    ),
    'wait-in-seconds: divides the wait by 1000, for a timer that takes seconds elsewhere': waitingBy(
      (failures, fault, baseMs) => exponentialWait(failures, fault, baseMs) / 1000,
    ),
    'failures-counted-for-all-jobs: counts failures of all jobs together, and any success resets the count': {
      retryPolicy: sharedCount,
    },
  }),
  ...breaking('RES-3', {
    'payload-fetched-for-each-attempt: takes fetching and uploading for one step and tries both again':
      replacing('logArchiver', (_real, made) => {
        const { settings, retryPolicy } = made;
        const once = new FaultRetryPolicy({ baseMs: settings.retryBaseMs, maxAttempts: 1 });
        const archiver = new RetryingLogArchiver({ ...made, retryPolicy: once, bucket: settings.s3Bucket });
        return {
          archive: async (log, job, signal) =>
            await retryPolicy.byAttempts(async () => await archiver.archive(log, job, signal), signal),
        };
      }),
    'retry-with-empty-body: retries an upload with an already consumed body': laterUploads((bytes) =>
      bytes.subarray(0, 0),
    ),
    'retry-under-another-key: gives every attempt a key of its own, against conflicts': laterUploads(
      (bytes) => bytes,
      (key, attempt) => key.replace(/\.json$/, `-${attempt}.json`),
    ),
  }),
];

function attempts(of: (most: number) => number): Change {
  return {
    retryPolicy: ({ settings }) =>
      new FaultRetryPolicy({ baseMs: settings.retryBaseMs, maxAttempts: of(settings.retryMaxAttempts) }),
  };
}

/** Only what was answered counts; an end is made at twice the number. */
function answersCounted(): Change {
  return replacing('retryPolicy', (_real, { settings }) => {
    const { retryBaseMs: baseMs, retryMaxAttempts } = settings;
    const doubled = new FaultRetryPolicy({ baseMs, maxAttempts: 2 * retryMaxAttempts });
    return {
      byAttempts: async (call, signal) => {
        let answers = 0;
        return await doubled.byAttempts(async () => {
          try {
            return await call();
          } catch (error) {
            if (!(error instanceof VaultFault)) throw error;
            if (!isReset(error.details.cause)) answers += 1;
            if (answers < retryMaxAttempts) throw error;
            throw forGood(error);
          }
        }, signal);
      },
    };
  });
}

function sharedCount({ settings }: Made): RetryPolicy {
  let failures = 0;
  const counted: RetryWait = (_own, fault, baseMs) => exponentialWait(Math.max(failures, 1), fault, baseMs);
  const limits = { baseMs: settings.retryBaseMs, maxAttempts: settings.retryMaxAttempts };
  const real: RetryPolicy = new FaultRetryPolicy(limits, counted);
  return altered(real, {
    byAttempts: async (call, signal) =>
      await real.byAttempts(async () => {
        try {
          const result = await call();
          failures = 0;
          return result;
        } catch (error) {
          failures += 1;
          throw error;
        }
      }, signal),
  });
}

function notRetried(applies: (cause: unknown) => boolean): Change {
  return uploading(
    async (real, ...args) =>
      await rescued(real.put(...args), isFault, (fault) => {
        throw applies(fault.details.cause) ? forGood(fault) : fault;
      }),
  );
}

function hasStatus(status: number): (cause: unknown) => boolean {
  return (cause) =>
    typeof cause === 'object' &&
    cause !== null &&
    '$metadata' in cause &&
    (cause.$metadata as { readonly httpStatusCode?: number }).httpStatusCode === status;
}

function forGood({ code, message, details }: VaultFault): VaultFault {
  return new VaultFault(code, message, { ...details, transient: false });
}

function isReset(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNRESET';
}

function isSilence(cause: unknown): boolean {
  return cause instanceof SilentCall;
}

/** Uploads of a key after the first are made otherwise. */
function laterUploads(
  bodyOf: (bytes: Buffer) => Buffer,
  keyOf: (key: string, attempt: number) => string = (key) => key,
): Change {
  const attempted = new Map<string, number>();
  return uploading(async (real, key, bytes, signal) => {
    const attempt = (attempted.get(key) ?? 0) + 1;
    attempted.set(key, attempt);
    return attempt === 1
      ? await real.put(key, bytes, signal)
      : await real.put(keyOf(key, attempt), bodyOf(bytes), signal);
  });
}
