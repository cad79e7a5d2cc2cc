import { VaultFault } from '../../reference-vault/faults';
import type { PartFactories } from '../../reference-vault/parts';
import type { ProviderResponse } from '../../reference-vault/provider-integration/provider-calls';
import type { Defect } from './defect';
import { replacing } from './part-changes';

/** Fails otherwise where a provider is to blame. */
export function failingWith(change: (fault: VaultFault) => VaultFault): Partial<PartFactories> {
  const changed = (error: unknown): never => {
    throw error instanceof VaultFault ? change(error) : error;
  };
  return replacing('providerClient', (real) => ({
    listPage: async (...args) => await real.listPage(...args).catch(changed),
    fetchPayload: async (...args) => await real.fetchPayload(...args).catch(changed),
  }));
}

/** The same, as a defect. */
export function failing(
  name: string,
  requirement: string,
  sentence: string,
  change: (fault: VaultFault) => VaultFault,
): Defect {
  return { name, sentence, requirement, replacements: failingWith(change) };
}

/** Takes a provider's answer for another. */
export function responding(
  change: (
    response: ProviderResponse,
    again: (path: string) => Promise<ProviderResponse>,
  ) => Promise<ProviderResponse>,
): Partial<PartFactories> {
  return replacing('providerCalls', (real) => ({
    get: async (path, key, signal) =>
      await change(await real.get(path, key, signal), async (other) => await real.get(other, key, signal)),
  }));
}
