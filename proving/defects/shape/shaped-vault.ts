import type { Infrastructure, PartFactories } from '../../../reference-vault/parts';
import { assembleVault, type Vault } from '../../../reference-vault/vault';
import { ProviderRelay } from './provider-relay';
import type { Shape } from './shape';
import { shapedParts } from './shaped-parts';

/** The reference vault in another shape, some of its parts replaced. Started once and stopped once. */
export class ShapedVault {
  #vault: Vault | undefined;
  #relay: ProviderRelay | undefined;

  constructor(
    private readonly shape: Shape,
    private readonly infrastructure: Infrastructure,
    private readonly replacements: Partial<PartFactories>,
  ) {}

  /** As Vault does. */
  async start(): ReturnType<Vault['start']> {
    const { settings } = this.infrastructure;
    this.#relay = await ProviderRelay.open(settings.providerBaseUrl, this.shape.profile.provider);
    this.#vault = assembleVault(
      { ...this.infrastructure, settings: { ...settings, providerBaseUrl: this.#relay.baseUrl } },
      shapedParts(this.shape, this.replacements),
    );
    return await this.#vault.start();
  }

  /** As Vault does. */
  async stop(): Promise<void> {
    await this.#vault?.stop();
    await this.#relay?.close();
  }
}
