import { providerFault, VaultFault } from '../../reference-vault/faults';
import { exponentialWait, type RetryWait } from '../../reference-vault/persistence/retry-policy';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { waitingBy } from './part-changes';
import { failing, responding } from './provider-changes';

/**
 * Bugs in how long a vault waits before it asks a provider again, and in whether it does as a provider asked.
 */
export const providerWaitDefects: readonly Defect[] = breaking('RES-11', {
  'provider-retried-at-once: asks a provider again without a wait': waitingBy((failures, fault, baseMs) =>
    fault instanceof VaultFault && fault.code.startsWith('provider')
      ? (fault.details.retryAfterMs ?? 0)
      : exponentialWait(failures, fault, baseMs),
  ),
  'damage-fetched-again-at-once: asks at once again for what came damaged': waitingBy(
    (failures, fault, baseMs) =>
      fault instanceof VaultFault && /Content-Digest|Content-Length|not a listing/.test(fault.message)
        ? 0
        : exponentialWait(failures, fault, baseMs),
  ),
  'retry-after-ignored: does not look at Retry-After': waitingBy((failures, _fault, baseMs) =>
    exponentialWait(failures, undefined, baseMs),
  ),
  'retry-after-heard-with-429-and-503-alone: looks at Retry-After only beside 429 and 503': heardWith(
    429,
    503,
  ),
  'retry-after-taken-for-the-wait: waits as long as Retry-After says, even when that is not at all':
    waitingBy(
      (failures, fault, baseMs) =>
        (fault instanceof VaultFault ? fault.details.retryAfterMs : undefined) ??
        exponentialWait(failures, fault, baseMs),
    ),
  'retry-after-taken-for-milliseconds: takes the seconds of Retry-After for milliseconds': failing((fault) =>
    fault.details.retryAfterMs === undefined
      ? fault
      : providerFault('unavailable', fault.message, { retryAfterMs: fault.details.retryAfterMs / 1000 }),
  ),
  'reset-repeated-at-once: asks through a client that repeats a call by itself, at once, after a reset': {
    'providerCalls.get': async ({ real }, ...args) =>
      await real.get(...args).catch(async () => await real.get(...args)),
  },
  'retry-after-of-a-listing-ignored: looks at Retry-After when it asks for payloads alone': {
    'providerClient.listPage': async ({ real }, ...args) =>
      await real.listPage(...args).catch((error: unknown) => {
        if (error instanceof VaultFault && error.code === 'provider_unavailable')
          throw providerFault('unavailable', error.message);
        throw error;
      }),
  },
  'retry-after-of-2-s-at-most: waits no more than 2 s, whatever it is asked for': heeding((askedMs) =>
    Math.min(askedMs, 2_000),
  ),
  'retry-after-heard-once: looks at Retry-After after the first failure alone': heeding(
    (askedMs, failures) => (failures === 1 ? askedMs : 0),
  ),
  'strange-retry-after-no-wait: does not wait for a Retry-After that is no number': {
    'providerCalls.get': async ({ real }, ...args) => {
      const ask = async (): ReturnType<typeof real.get> => {
        const response = await real.get(...args);
        const asked = response.headers['retry-after'];
        return asked !== undefined && Number.isNaN(Number(asked)) ? await ask() : response;
      };
      return await ask();
    },
  },
});

/** Retry-After is heard beside these statuses, and no other. */
function heardWith(...statuses: readonly number[]): Change {
  return responding(async (response) => {
    if (statuses.includes(response.status)) return response;
    const { 'retry-after': _, ...headers } = response.headers;
    return { ...response, headers };
  });
}

function heeding(heeded: (askedMs: number, failures: number) => number): Change {
  const wait: RetryWait = (failures, fault, baseMs) => {
    const askedMs = fault instanceof VaultFault ? (fault.details.retryAfterMs ?? 0) : 0;
    return Math.max(exponentialWait(failures, undefined, baseMs), heeded(askedMs, failures));
  };
  return waitingBy(wait);
}
