import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { PartFactories } from '../../reference-vault/parts';
import { exponentialWait } from '../../reference-vault/persistence/retry-policy';
import type { Defect } from './defect';
import { replacing, waitingBy } from './part-defects';
import { failingWith, responding } from './provider-defect';

/** Bugs in how long a vault waits before it asks a provider again. */
export const providerWaitDefects: readonly Defect[] = [
  {
    name: 'provider-retried-at-once',
    sentence: 'asks a provider again without a wait',
    requirement: 'RES-11',
    replacements: waitingBy((failures, fault, baseMs) =>
      fault instanceof VaultFault && fault.code.startsWith('provider')
        ? (fault.details.retryAfterMs ?? 0)
        : exponentialWait(failures, fault, baseMs),
    ),
  },
  {
    name: 'damage-fetched-again-at-once',
    sentence: 'asks again without a wait for what came damaged, for the provider is not overloaded',
    requirement: 'RES-11',
    replacements: waitingBy((failures, fault, baseMs) =>
      fault instanceof VaultFault && /Content-Digest|Content-Length|not a listing/.test(fault.message)
        ? 0
        : exponentialWait(failures, fault, baseMs),
    ),
  },
  {
    name: 'retry-after-ignored',
    sentence: 'does not look at Retry-After',
    requirement: 'RES-11',
    smoke: true,
    replacements: waitingBy((failures, _fault, baseMs) => exponentialWait(failures, undefined, baseMs)),
  },
  {
    name: 'retry-after-heard-with-429-alone',
    sentence: 'looks at Retry-After only where it knows it from, beside a 429',
    requirement: 'RES-11',
    replacements: heardWith(429),
  },
  {
    name: 'retry-after-heard-with-429-and-503-alone',
    sentence: 'looks at Retry-After only where it has met it, beside 429 and 503',
    requirement: 'RES-11',
    replacements: heardWith(429, 503),
  },
  {
    name: 'retry-after-taken-for-the-wait',
    sentence: 'waits as long as Retry-After says, even when that is not at all',
    requirement: 'RES-11',
    replacements: waitingBy(
      (failures, fault, baseMs) =>
        (fault instanceof VaultFault ? fault.details.retryAfterMs : undefined) ??
        exponentialWait(failures, fault, baseMs),
    ),
  },
  {
    name: 'retry-after-taken-for-milliseconds',
    sentence: 'takes the seconds of Retry-After for milliseconds',
    requirement: 'RES-11',
    replacements: failingWith((fault) =>
      fault.details.retryAfterMs === undefined
        ? fault
        : providerFault('unavailable', fault.message, { retryAfterMs: fault.details.retryAfterMs / 1000 }),
    ),
  },
  {
    name: 'reset-repeated-at-once',
    sentence:
      'asks through an HTTP client that repeats a call by itself, at once, when the connection is reset',
    requirement: 'RES-11',
    replacements: replacing('providerCalls', (real) => ({
      get: async (...args) => await real.get(...args).catch(async () => await real.get(...args)),
    })),
  },
];

/** Retry-After is heard beside these statuses, and no other. */
function heardWith(...statuses: readonly number[]): Partial<PartFactories> {
  return responding(async (response) => {
    if (statuses.includes(response.status)) return response;
    const { 'retry-after': _, ...headers } = response.headers;
    return { ...response, headers };
  });
}
