import type { ObjectAttempt } from '../object-store/bucket-script';

/** The clocks of two processes' events are read in one process, but timers may fire a little early. */
export const TOLERANCE_MS = 2;

declare global {
  namespace Chai {
    interface Assertion {
      /** Each wait between these attempts, and their sum, is at least the contract's minimum (section 4). */
      retriedWithBackoff(policy: { readonly retryBaseMs: number }): Assertion;
      /** Each of these uploads carried the same bytes. */
      uploadsOfTheSameBytes(): Assertion;
      /** There was a retry, and each wait between these attempts is at least so long. */
      retriedAfterAtLeast(waitMs: number): Assertion;
    }
  }
}

/** The least wait after the n-th failure, n from 1: half of `base * 2^(n-1)` (contract, section 4). */
export function leastWaitMs(retryBaseMs: number, failure: number): number {
  return (retryBaseMs * 2 ** (failure - 1)) / 2;
}

/** When an attempt arrived and when it was answered, on the monotonic clock. */
type TimedAttempt = Pick<ObjectAttempt, 'arrivedMs' | 'answeredMs'>;

/**
 * The waits between consecutive attempts, in milliseconds: from before an attempt was answered to the arrival
 * of the next. Their number is one less than that of the attempts.
 */
export function waitsBetween(attempts: readonly TimedAttempt[]): readonly number[] {
  return attempts
    .slice(1)
    .map(({ arrivedMs }, index) => arrivedMs - (attempts[index]?.answeredMs ?? arrivedMs));
}

/** A chai plugin for what was asked of storage. */
export function retryAssertions(chai: Chai.ChaiStatic, utils: Chai.ChaiUtils): void {
  chai.Assertion.addMethod('retriedWithBackoff', function (policy: { readonly retryBaseMs: number }) {
    const waits = waitsBetween(attemptsOf(utils.flag(this, 'object')));
    const least = waits.map((_, index) => leastWaitMs(policy.retryBaseMs, index + 1));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const eachHolds = waits.every((wait, index) => wait >= (least[index] ?? 0) - TOLERANCE_MS);
    const holds = waits.length > 0 && eachHolds && sum(waits) >= sum(least) - TOLERANCE_MS;
    const shown = waits.map(
      (wait, index) => `after failure ${index + 1}: ${wait.toFixed(1)} ms (at least ${least[index]} ms)`,
    );
    this.assert(
      holds,
      waits.length === 0
        ? 'expected a retry, but there was only one attempt'
        : `expected the vault to back off between attempts, but it waited ${shown.join('; ')}; in all ${sum(waits).toFixed(1)} ms (at least ${sum(least)} ms)`,
      `expected no backoff, but the vault waited ${shown.join('; ')}`,
      undefined,
    );
  });
  chai.Assertion.addMethod('retriedAfterAtLeast', function (leastMs: number) {
    const waits = waitsBetween(attemptsOf(utils.flag(this, 'object')));
    const shown = waits.map((wait) => `${wait.toFixed(1)} ms`).join(', then ');
    this.assert(
      waits.length > 0 && waits.every((wait) => wait >= leastMs - TOLERANCE_MS),
      waits.length === 0
        ? 'expected a retry, but there was only one attempt'
        : `expected the vault to wait at least ${leastMs} ms before each retry, but it waited ${shown}`,
      `expected the vault not to wait ${leastMs} ms, but it waited ${shown}`,
      undefined,
    );
  });
  chai.Assertion.addMethod('uploadsOfTheSameBytes', function () {
    // An upload that the caller broke off carried nothing whole that could be compared.
    const attempts = attemptsOf(utils.flag(this, 'object')).filter(({ checksum }) => checksum !== undefined);
    const seen = attempts.map(({ checksum, bytes }) => `${checksum} (${bytes} bytes)`);
    this.assert(
      new Set(seen).size === 1,
      attempts.length === 0
        ? 'expected uploads, but there was none'
        : `expected every upload to carry the same bytes, but they carried, in order: ${seen.join(', ')}`,
      'expected uploads of different bytes, but they were all the same',
      undefined,
    );
  });
}

function attemptsOf(value: unknown): readonly ObjectAttempt[] {
  return Array.isArray(value) ? value : [];
}
