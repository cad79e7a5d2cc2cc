import { setTimeout as pause } from 'node:timers/promises';
import { silentLogger } from './logging';
import { type Infrastructure, makeParts, type PartFactories, type VaultParts } from './parts';
import type { VaultSettings } from './settings';

/** How long a stop may wait for MongoDB before it gives up on it. */
const METADATA_GRACE_MS = 3000;

/** A running audit vault. Started once and stopped once; several may run in one process. */
export class Vault {
  #stopped: Promise<void> | undefined;

  constructor(
    private readonly parts: VaultParts,
    private readonly settings: Pick<VaultSettings, 'host' | 'port'>,
  ) {}

  /** Listens and begins to work on the queue. MongoDB, S3 and the provider need not be there yet. */
  async start(): Promise<{ readonly baseUrl: string; readonly port: number }> {
    const { host } = this.settings;
    const port = await this.parts.apiServer.listen(host, this.settings.port);
    this.parts.worker.start();
    return { baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port };
  }

  /** Finishes or releases what is in hand, within some 3 s; afterwards nothing of the vault runs any more. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    const { apiServer, worker, metadataStore, providerCalls } = this.parts;
    const done = new AbortController();
    const lastResort = pause(METADATA_GRACE_MS, undefined, { signal: done.signal }).then(
      () => metadataStore.close(),
      () => {},
    );
    await Promise.all([apiServer.close(), worker.stop()]);
    done.abort();
    await lastResort;
    metadataStore.close();
    providerCalls.close();
  }
}

/**
 * Assembles a vault from its infrastructure and its parts. `replacements` puts other parts in the place of
 * default ones, for tests and for defects.
 */
export function assembleVault(
  infrastructure: Omit<Infrastructure, 'logger'> & Partial<Pick<Infrastructure, 'logger'>>,
  replacements: Partial<PartFactories> = {},
): Vault {
  return new Vault(
    makeParts({ logger: silentLogger, ...infrastructure }, replacements),
    infrastructure.settings,
  );
}
