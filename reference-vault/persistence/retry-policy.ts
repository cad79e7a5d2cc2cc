import { setTimeout as pause } from 'node:timers/promises';
import { ConstantBackoff, handleWhen, retry } from 'cockatiel';
import { isTransient, VaultFault } from '../faults';

/**
 * The one retry policy of the vault (contract section 4). Only transient faults are retried; what is left is
 * thrown as it is.
 */
export interface RetryPolicy {
  /**
   * For the provider and for S3: a number of calls, with waits that grow. Ends at once when `signal` is
   * aborted.
   */
  byAttempts<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** For MongoDB: as long as it takes, within a window that opens with the first failure. */
  byTime<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface RetryLimits {
  /** The nominal wait after the first failure; it doubles with each further one. */
  readonly baseMs: number;
  /** Calls in all, the first one included. */
  readonly maxAttempts: number;
}

/** How long to wait after the n-th failure. */
export type RetryWait = (failures: number, fault: unknown, baseMs: number) => number;

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A little over the half that the contract asks for, so that no clock's rounding can eat it. */
const LEAST_SHARE = 0.55;

/**
 * Exponential backoff with jitter between 55 % and 100 % of `baseMs * 2^(n-1)`, but never below what a
 * Retry-After asked for.
 */
export const exponentialWait: RetryWait = (failures, fault, baseMs) => {
  const share = LEAST_SHARE + Math.random() * (1 - LEAST_SHARE);
  const backoffMs = share * baseMs * 2 ** (failures - 1);
  const askedMs = fault instanceof VaultFault ? (fault.details.retryAfterMs ?? 0) : 0;
  return Math.min(Math.ceil(Math.max(backoffMs, askedMs)), LONGEST_TIMER_MS);
};

/** "At least 2 s" in the contract; an API call must still be answered within 15 s. */
const METADATA_WINDOW_MS = 2100;
const METADATA_WAIT_MS = 100;

/**
 * Cockatiel counts and decides; the waits are ours, because cockatiel's own cannot be cut short when the
 * vault stops.
 */
export class FaultRetryPolicy implements RetryPolicy {
  constructor(
    private readonly limits: RetryLimits,
    private readonly wait: RetryWait = exponentialWait,
  ) {}

  async byAttempts<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { baseMs, maxAttempts } = this.limits;
    return await retrying(call, signal, {
      maxAttempts,
      again: isTransient,
      waitMs: (failures, fault) => this.wait(failures, fault, baseMs),
    });
  }

  async byTime<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let endsAt: number | undefined;
    const again = (fault: unknown): boolean => {
      endsAt ??= performance.now() + METADATA_WINDOW_MS;
      return isTransient(fault) && performance.now() < endsAt;
    };
    return await retrying(call, signal, {
      maxAttempts: Number.POSITIVE_INFINITY,
      again,
      waitMs: () => METADATA_WAIT_MS,
    });
  }
}

async function retrying<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  rule: {
    readonly maxAttempts: number;
    readonly again: (fault: unknown) => boolean;
    readonly waitMs: (failures: number, fault: unknown) => number;
  },
): Promise<T> {
  let lastFault: unknown;
  const policy = retry(handleWhen(rule.again), {
    maxAttempts: rule.maxAttempts - 1,
    backoff: new ConstantBackoff(0),
  });
  return await policy.execute(async ({ attempt: failures }) => {
    signal.throwIfAborted();
    if (failures > 0) {
      await pause(rule.waitMs(failures, lastFault), undefined, { signal }).catch(() =>
        signal.throwIfAborted(),
      );
    }
    try {
      return await call();
    } catch (error) {
      lastFault = error;
      throw error;
    }
  });
}
