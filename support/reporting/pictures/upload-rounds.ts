import { leastWaitMs } from '../../assertions/retried-with-backoff';
import type { ObjectAttempt } from '../../object-store/bucket-script';

/** As much of an upload as its place in time needs. */
export type TimedUpload = Pick<ObjectAttempt, 'arrivedMs' | 'answeredMs' | 'answer'>;

/** The wait that followed an upload that failed. */
export interface Wait {
  readonly ms: number;
  /** The least that the contract asks for (section 4); absent where it asks for nothing. */
  readonly leastMs?: number;
  readonly isTooShort: boolean;
}

export interface TimedAttempt<Upload extends TimedUpload> {
  readonly upload: Upload;
  readonly failed: boolean;
  readonly isLast: boolean;
  /**
   * From its answer to the arrival of the next; absent after the last one, and after one that the next did
   * not wait for.
   */
  readonly wait?: Wait;
}

interface RetryPolicy {
  readonly retryBaseMs: number;
  readonly retryMaxAttempts: number;
}

/** Timers may fire a little early. */
const TOLERANCE_MS = 2;
const REFUSED = /^(?:403|404) /;

/**
 * Sets the waits between the uploads of one key against the contract's minimum. It starts anew behind an
 * upload that succeeded, that was refused, or that used the retries up: what follows then was asked for by
 * another job.
 */
export function timedAttempts<Upload extends TimedUpload>(
  uploads: readonly Upload[],
  { retryBaseMs, retryMaxAttempts }: RetryPolicy,
): readonly TimedAttempt<Upload>[] {
  let failures = 0;
  return uploads.map((upload, index) => {
    const failed = upload.answer !== 'ok' && upload.answer !== 'pending';
    failures = failed ? failures + 1 : 0;
    const isRetried = failed && !REFUSED.test(upload.answer) && failures < retryMaxAttempts;
    const leastMs = isRetried ? leastWaitMs(retryBaseMs, failures) : undefined;
    if (failed && !isRetried) failures = 0;
    const next = uploads[index + 1];
    const ms = (next?.arrivedMs ?? 0) - (upload.answeredMs ?? Number.POSITIVE_INFINITY);
    const isLast = next === undefined;
    if (isLast || !failed || ms < 0) return { upload, failed, isLast };
    const isTooShort = leastMs !== undefined && ms < leastMs - TOLERANCE_MS;
    return {
      upload,
      failed,
      isLast,
      wait: { ms, isTooShort, ...(leastMs === undefined ? {} : { leastMs }) },
    };
  });
}
