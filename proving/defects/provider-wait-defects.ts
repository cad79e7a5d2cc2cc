import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { PartFactories } from '../../reference-vault/parts';
import { exponentialWait, type RetryWait } from '../../reference-vault/persistence/retry-policy';
import type { Defect } from './defect';
import { replacing, waitingBy } from './part-changes';
import { failingWith, responding } from './provider-changes';

/**
 * Bugs in how long a vault waits before it asks a provider again, and in whether it does as a provider asked.
 */
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
  {
    name: 'retry-after-of-a-listing-ignored',
    sentence: 'looks at Retry-After when it asks for payloads alone',
    requirement: 'RES-11',
    replacements: replacing('providerClient', (real) => ({
      listPage: async (...args) =>
        await real.listPage(...args).catch((error: unknown) => {
          if (error instanceof VaultFault && error.code === 'provider_unavailable')
            throw providerFault('unavailable', error.message);
          throw error;
        }),
    })),
  },
  heeding('retry-after-of-2-s-at-most', 'waits no more than 2 s, whatever it is asked for', (askedMs) =>
    Math.min(askedMs, 2_000),
  ),
  heeding(
    'retry-after-heard-once',
    'looks at Retry-After after the first failure alone',
    (askedMs, failures) => (failures === 1 ? askedMs : 0),
  ),
  {
    name: 'strange-retry-after-no-wait',
    sentence: 'makes no number of a Retry-After that is none, and so no wait before the next attempt',
    requirement: 'RES-11',
    replacements: replacing('providerCalls', (real) => ({
      get: async (...args) => {
        const ask = async (): ReturnType<typeof real.get> => {
          const response = await real.get(...args);
          const asked = response.headers['retry-after'];
          return asked !== undefined && Number.isNaN(Number(asked)) ? await ask() : response;
        };
        return await ask();
      },
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

function heeding(
  name: string,
  sentence: string,
  heeded: (askedMs: number, failures: number) => number,
): Defect {
  const wait: RetryWait = (failures, fault, baseMs) => {
    const askedMs = fault instanceof VaultFault ? (fault.details.retryAfterMs ?? 0) : 0;
    return Math.max(exponentialWait(failures, undefined, baseMs), heeded(askedMs, failures));
  };
  return { name, sentence, requirement: 'RES-11', replacements: waitingBy(wait) };
}
