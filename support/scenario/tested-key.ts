import { randomBytes } from 'node:crypto';
import type { ProviderService } from '../../services/provider-service';
import type { VaultAnswer } from '../../services/vault-client';
import type { Patience } from '../environments/patience';
import type { VaultUnderTest } from '../environments/vault-under-test';
import type { MetadataGate } from '../metadata-store/scripted-gate';
import type { ProviderRequest, ProviderTarget } from '../provider/provider-request';
import type { ProviderScript } from '../provider/provider-script';
import { connectionFaultOf } from './connection-fault';
import { connectionRequestOf } from './connection-request';

const HEALTH: ProviderTarget = { kind: 'health' };

interface Parts {
  readonly providers: ProviderService;
  readonly provider: ProviderScript;
  readonly vault: VaultUnderTest;
  readonly environment: {
    readonly patience: Patience;
    readonly metadataGate: Pick<MetadataGate, 'watchFor'>;
  };
  /** Where the scenario's key is kept, so that it is redacted wherever it shows. */
  readonly secrets: string[];
}

/** A key that an operator wants tried, and what becomes of it (contract, section 1, validate). */
export class TestedKey {
  readonly #parts: Parts;
  #key: string | undefined;
  #told: readonly number[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * A key that nobody knows. It is made up here: one that stood in a feature file would stand in every
   * report.
   */
  makeKey(characters?: number): void {
    this.#key = this.#secret(newKey(characters));
  }

  #secret(key: string): string {
    this.#parts.secrets.push(key);
    this.#parts.environment.metadataGate.watchFor(key);
    return key;
  }

  /** From now on the provider knows the key; at a connection test it knows no other. */
  accept(): void {
    this.#parts.provider.acceptTested(this.#apiKey);
  }

  /** From now on the provider knows the key no longer, but another one. */
  withdraw(): void {
    this.#parts.provider.acceptTested(newKey());
  }

  get #apiKey(): string {
    if (this.#key === undefined)
      throw new Error('the scenario has no key to try yet; name one in a Given first');
    return this.#key;
  }

  /** @param words how the provider meets the test: `503`, `silence`, … */
  meetWith(words: string): void {
    const { fault, times } = connectionFaultOf(words, {
      apiKey: this.#apiKey,
      lateMs: this.lateMs,
      address: this.#parts.provider.dialect.addressOf({ kind: 'health' }),
    });
    this.#parts.provider.arm(HEALTH, fault, times);
  }

  /** How long the provider takes when it answers late, but well within the vault's time-out. */
  get lateMs(): number {
    return Math.round(this.#parts.vault.settings.callTimeoutMs / 4);
  }

  async run(): Promise<VaultAnswer> {
    return await this.#parts.providers.ask({ provider_type: 'rest', api_key: this.#apiKey });
  }

  /**
   * Two tests at once: while the provider still thinks about the key, another operator tries one that it does
   * not know.
   */
  async runTwo(): Promise<void> {
    const { providers, environment } = this.#parts;
    const asking = this.run();
    // Answered only once the other has been asked as well; until then nobody waits for it.
    asking.catch(() => undefined);
    await environment.patience.eventually(
      async () => this.questions.length,
      (questions) => questions > 0,
      { what: 'the vault to ask its provider about the key' },
    );
    const unknown = await providers.ask({ provider_type: 'rest', api_key: this.#secret(newKey()) });
    this.#told = [(await asking).status, unknown.status];
  }

  /** @param words how the request differs from a right one: `no API key`, … */
  async runWith(words: string): Promise<VaultAnswer> {
    const { body, contentType } = connectionRequestOf(words, this.#apiKey);
    return await this.#parts.providers.askRaw(body, { 'content-type': contentType });
  }

  /** The statuses of two tests at once: of the key, and of the one that the provider does not know. */
  get told(): readonly number[] {
    return this.#told;
  }

  /**
   * Returns the calls with the key that the provider accepts; whether a vault looks after its own key is its
   * affair.
   */
  get questions(): readonly ProviderRequest[] {
    return this.#parts.provider.requests.filter(({ tested }) => tested);
  }
}

/** As long as keys usually are, or longer: signed tokens are. */
function newKey(characters = 0): string {
  return `key-${randomBytes(12).toString('hex')}+/Ab==`.padEnd(
    characters,
    randomBytes(64).toString('base64url'),
  );
}
