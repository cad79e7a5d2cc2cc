import { providerTry, wrongRetries } from '../assertions/wrong-retries';
import type { RunSettings } from '../environments/vault-under-test';
import type { ProviderRequest } from '../provider/provider-request';

/** The calls of one job to its provider, while one process held it. */
export interface ProviderCalls {
  readonly calls: readonly ProviderRequest[];
  /** The name of a log by the id that its provider gives it. */
  readonly nameOf: (sourceId: string) => string;
  readonly settings: RunSettings;
}

/** Says in words how calls to a provider break the retry policy; `undefined` when they keep to it (contract, section 2). */
export function wrongProviderCalls({ calls, nameOf, settings }: ProviderCalls): string | undefined {
  const byAddress = new Map<string, ProviderRequest[]>();
  for (const call of calls) {
    const { kind, sourceId, cursor } = call;
    const address =
      sourceId === undefined ? `the ${kind}${pageOf(cursor)}` : `the ${kind} of "${nameOf(sourceId)}"`;
    byAddress.set(address, [...(byAddress.get(address) ?? []), call]);
  }
  for (const [address, same] of byAddress) {
    const wrong = wrongRetries(same.map(providerTry), { ...settings, grows: false });
    if (wrong !== undefined) return `${address}: ${wrong}`;
  }
  return undefined;
}

function pageOf(cursor: string | undefined): string {
  return cursor === undefined ? '' : ` from the cursor ${cursor} on`;
}
