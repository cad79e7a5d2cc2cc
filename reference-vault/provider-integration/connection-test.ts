import type { ProviderCalls } from './provider-calls';

/** The provider says that the key is not valid. */
export class InvalidCredentials extends Error {
  override readonly name = 'InvalidCredentials';
}

/** The provider is unreachable, silent, or answers what is neither yes nor no. */
export class ProviderUnusable extends Error {
  override readonly name = 'ProviderUnusable';
}

/** Tries a provider's API key (contract section 1, `POST /v1/providers/validate`). */
export interface ConnectionTest {
  /**
   * Asks the provider once, for a client is waiting and can ask again.
   *
   * @returns how long the provider took
   * @throws InvalidCredentials, ProviderUnusable
   */
  run(apiKey: string): Promise<{ readonly latencyMs: number }>;
}

export class HealthConnectionTest implements ConnectionTest {
  constructor(private readonly calls: ProviderCalls) {}

  async run(apiKey: string): Promise<{ readonly latencyMs: number }> {
    const startedAt = performance.now();
    const { status } = await this.calls.get('/health', apiKey).catch((cause: unknown) => {
      throw new ProviderUnusable('The provider could not be reached.', { cause });
    });
    if (status === 401 || status === 403) throw new InvalidCredentials('Invalid Provider Credentials');
    if (status !== 200) throw new ProviderUnusable(`The provider answered ${status}.`);
    return { latencyMs: Math.round(performance.now() - startedAt) };
  }
}
