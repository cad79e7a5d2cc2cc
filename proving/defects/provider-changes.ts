import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { ProviderResponse } from '../../reference-vault/provider-integration/provider-calls';
import type { Change } from './change';

/** Fails otherwise where a provider is to blame. */
export function failing(change: (fault: VaultFault) => VaultFault): Change {
  const changed = (error: unknown): never => {
    throw error instanceof VaultFault ? change(error) : error;
  };
  return {
    'providerClient.listPage': async ({ real }, ...args) => await real.listPage(...args).catch(changed),
    'providerClient.fetchPayload': async ({ real }, ...args) =>
      await real.fetchPayload(...args).catch(changed),
  };
}

/** Takes a fault whose message matches for one of another kind. */
export function takenFor(kind: Parameters<typeof providerFault>[0], message: RegExp): Change {
  return failing((fault) => (message.test(fault.message) ? providerFault(kind, fault.message) : fault));
}

/** Takes a provider's answer for another. */
export function responding(
  change: (
    response: ProviderResponse,
    again: (path: string) => Promise<ProviderResponse>,
  ) => Promise<ProviderResponse>,
): Change {
  return {
    'providerCalls.get': async ({ real }, path, key, signal) =>
      await change(await real.get(path, key, signal), async (other) => await real.get(other, key, signal)),
  };
}
