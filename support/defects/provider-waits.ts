import { providerFault, VaultFault } from '../../reference-vault/faults';
import { exponentialWait, type RetryWait } from '../../reference-vault/persistence/retry-policy';
import type { Defect } from './defect';
import { replacing, waitingBy } from './part-defects';

/** Bugs in how long a vault leaves a provider alone that asked for it. */
export const providerWaitDefects: readonly Defect[] = [
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
