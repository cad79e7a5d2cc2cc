import { storageFault, VaultFault } from '../../reference-vault/faults';
import { RetryingLogArchiver } from '../../reference-vault/job-orchestration/log-archiver';
import type { Made, PartFactories } from '../../reference-vault/parts';
import { S3ObjectStore } from '../../reference-vault/persistence/object-store';
import {
  exponentialWait,
  FaultRetryPolicy,
  type RetryPolicy,
  type RetryWait,
} from '../../reference-vault/persistence/retry-policy';
import { SilentCall } from '../../reference-vault/silence';
import { altered } from './altered';
import type { Defect } from './defect';
import { replacing, uploading, waitingBy } from './part-changes';

/** Bugs in whether, when and with what an upload is tried again. */
export const retryDefects: readonly Defect[] = [
  {
    name: 'no-retry',
    sentence: 'gives up after the first failed upload, because the SDK "does the retrying"',
    requirement: 'RES-1',
    smoke: true,
    replacements: attempts(() => 1),
  },
  {
    name: 'one-attempt-too-few',
    sentence: 'counts the first attempt as a retry',
    requirement: 'RES-4',
    replacements: attempts((most) => most - 1),
  },
  {
    name: 'one-attempt-too-many',
    sentence: 'takes the number of attempts for a number of retries',
    requirement: 'RES-4',
    replacements: attempts((most) => most + 1),
  },
  {
    name: 'attempts-shared-by-a-job',
    sentence: 'counts the failures of a job where it should count those of an upload',
    requirement: 'RES-1',
    replacements: replacing('retryPolicy', (real, { settings }) => {
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
  },
  {
    name: 'endless-retry',
    sentence: 'tries as long as the fault is transient, without a limit',
    requirement: 'RES-4',
    replacements: attempts(() => Number.POSITIVE_INFINITY),
  },
  {
    name: 'breaks-counted-apart',
    sentence: 'tries twice as often when connections break, for that says nothing of the other side',
    requirement: 'RES-4',
    replacements: answersCounted(),
  },
  notRetried('slow-down-not-retried', 'retries 500 but takes 503 SlowDown for a refusal', hasStatus(503)),
  notRetried(
    'internal-error-not-retried',
    'retries 503 but takes 500 InternalError for a refusal',
    hasStatus(500),
  ),
  notRetried('reset-not-retried', 'retries answers, not connections that break', isReset),
  notRetried('silence-not-retried', 'gives up for good when storage stays silent', isSilence),
  {
    name: 'silence-waited-for',
    sentence: 'waits for storage without a limit',
    requirement: 'RES-1',
    replacements: {
      objectStore: ({ s3Client, settings }) => new S3ObjectStore(s3Client, settings.s3Bucket, 3_600_000),
    },
  },
  {
    name: 'stored-without-answer-refused',
    sentence: 'takes its own object, stored though the answer was lost, for a conflict that ends the job',
    requirement: 'RES-1',
    replacements: uploading(async (real, key, bytes, signal) => {
      if ((await real.put(key, bytes, signal)) === 'stored') return 'stored';
      throw storageFault('rejected', 'There is an object of that key already.');
    }),
  },
  {
    ...waiting('retry-without-wait', 'retries at once', () => 0),
    smoke: true,
  },
  waiting('first-retry-without-wait', 'waits only from the second retry on', (failures, fault, baseMs) =>
    failures === 1 ? 0 : exponentialWait(failures, fault, baseMs),
  ),
  waiting('constant-wait', 'waits as long before each attempt', (_failures, _fault, baseMs) => 0.6 * baseMs),
  waiting(
    'linear-wait',
    'waits in steps that add up instead of doubling',
    (failures, _fault, baseMs) => ((failures + 1) * baseMs) / 4,
  ),
  waiting('capped-wait', 'caps the wait at its base', (failures, fault, baseMs) =>
    Math.min(exponentialWait(failures, fault, baseMs), baseMs),
  ),
  waiting(
    'jitter-down-to-nothing',
    'draws the wait between nothing and the nominal one',
    (failures, _fault, baseMs) =>
      // One that such a draw may give; a fair one would hide the defect now and then.
      0.1 * baseMs * 2 ** (failures - 1),
  ),
  waiting(
    'wait-in-seconds',
    'divides the wait by 1000, for a timer that takes seconds elsewhere',
    (failures, fault, baseMs) => exponentialWait(failures, fault, baseMs) / 1000,
  ),
  {
    name: 'failures-counted-for-all-jobs',
    sentence: 'counts failures in the one policy that all jobs share, and any success resets the count',
    requirement: 'RES-2',
    replacements: { retryPolicy: sharedCount },
  },
  {
    name: 'payload-fetched-for-each-attempt',
    sentence: 'takes fetching and uploading for one step and tries both again',
    requirement: 'RES-3',
    replacements: replacing('logArchiver', (_real, made) => {
      const { settings, retryPolicy } = made;
      const once = new FaultRetryPolicy({ baseMs: settings.retryBaseMs, maxAttempts: 1 });
      const archiver = new RetryingLogArchiver({ ...made, retryPolicy: once, bucket: settings.s3Bucket });
      return {
        archive: async (log, job, signal) =>
          await retryPolicy.byAttempts(async () => await archiver.archive(log, job, signal), signal),
      };
    }),
  },
  {
    name: 'retry-with-empty-body',
    sentence: 'retries an upload with an already consumed body',
    requirement: 'RES-3',
    smoke: true,
    replacements: laterUploads((bytes) => bytes.subarray(0, 0)),
  },
  {
    name: 'retry-under-another-key',
    sentence: 'gives every attempt a key of its own, against conflicts',
    requirement: 'RES-3',
    replacements: laterUploads(
      (bytes) => bytes,
      (key, attempt) => key.replace(/\.json$/, `-${attempt}.json`),
    ),
  },
];

function attempts(of: (most: number) => number): Partial<PartFactories> {
  return {
    retryPolicy: ({ settings }) =>
      new FaultRetryPolicy({ baseMs: settings.retryBaseMs, maxAttempts: of(settings.retryMaxAttempts) }),
  };
}

/** Only what was answered counts; an end is made at twice the number. */
function answersCounted(): Partial<PartFactories> {
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
            throw new VaultFault(error.code, error.message, { ...error.details, transient: false });
          }
        }, signal);
      },
    };
  });
}

function waiting(name: string, sentence: string, wait: RetryWait): Defect {
  return {
    name,
    sentence,
    requirement: 'RES-2',
    replacements: waitingBy(wait),
  };
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

function notRetried(name: string, sentence: string, applies: (cause: unknown) => boolean): Defect {
  return {
    name,
    sentence,
    requirement: 'RES-1',
    replacements: uploading(async (real, ...args) => {
      try {
        return await real.put(...args);
      } catch (error) {
        if (!(error instanceof VaultFault) || !applies(error.details.cause)) throw error;
        throw new VaultFault(error.code, error.message, { transient: false, cause: error.details.cause });
      }
    }),
  };
}

function hasStatus(status: number): (cause: unknown) => boolean {
  return (cause) =>
    typeof cause === 'object' &&
    cause !== null &&
    '$metadata' in cause &&
    (cause.$metadata as { readonly httpStatusCode?: number }).httpStatusCode === status;
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
): Partial<PartFactories> {
  const attempted = new Map<string, number>();
  return uploading(async (real, key, bytes, signal) => {
    const attempt = (attempted.get(key) ?? 0) + 1;
    attempted.set(key, attempt);
    return attempt === 1
      ? await real.put(key, bytes, signal)
      : await real.put(keyOf(key, attempt), bodyOf(bytes), signal);
  });
}
