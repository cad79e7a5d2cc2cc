import { VaultFault } from '../../reference-vault/faults';
import type { ProviderResponse } from '../../reference-vault/provider-integration/provider-calls';
import type { Replacements } from './defect';
import { replacing } from './part-changes';

/** Fails otherwise where a provider is to blame. */
export function failingWith(change: (fault: VaultFault) => VaultFault): Replacements {
  const changed = (error: unknown): never => {
    throw error instanceof VaultFault ? change(error) : error;
  };
  return replacing('providerClient', (real) => ({
    listPage: async (...args) => await real.listPage(...args).catch(changed),
    fetchPayload: async (...args) => await real.fetchPayload(...args).catch(changed),
  }));
}

/** The same, as a defect. */
export function failing(change: (fault: VaultFault) => VaultFault): Replacements {
  return failingWith(change);
}

/** Takes a provider's answer for another. */
export function responding(
  change: (
    response: ProviderResponse,
    again: (path: string) => Promise<ProviderResponse>,
  ) => Promise<ProviderResponse>,
): Replacements {
  return replacing('providerCalls', (real) => ({
    get: async (path, key, signal) =>
      await change(await real.get(path, key, signal), async (other) => await real.get(other, key, signal)),
  }));
}
