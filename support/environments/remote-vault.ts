import { eventually } from '../assertions/eventually';
import { SuiteError } from '../bytes/errors';
import { probeReadiness } from './readiness';
import type { RunSettings, VaultUnderTest } from './vault-under-test';

const READY_WITHIN_MS = 20_000;

/** A vault that someone else runs: it can be asked, not stopped or started (contract, section 7). */
export class RemoteVault implements VaultUnderTest {
  readonly description: string;
  readonly isRunning = true;

  constructor(
    readonly baseUrl: string,
    readonly settings: RunSettings,
  ) {
    this.description = `VAULT_BASE_URL ${baseUrl}`;
  }

  /** Waits until it is ready. @throws SuiteError when it is not in time: nothing can be judged then. */
  async start(): Promise<void> {
    try {
      await eventually(
        () => probeReadiness(this.baseUrl),
        (seen) => seen === 'ready',
        {
          withinMs: READY_WITHIN_MS,
          everyMs: 100,
          what: `the vault at ${this.baseUrl} to answer GET /v1/logs?limit=1 with 200`,
        },
      );
    } catch (error) {
      throw new SuiteError(
        `${error instanceof Error ? error.message : String(error)}: start your vault with the environment that "npm run infra" prints, or set VAULT_COMMAND and the suite starts it.`,
        { cause: error },
      );
    }
  }

  async startPeer(): Promise<never> {
    throw new SuiteError(
      'someone else runs the vault at VAULT_BASE_URL, so the suite cannot start another one',
    );
  }

  async stop(): Promise<void> {}

  async kill(): Promise<void> {}

  output(): string {
    return '';
  }

  forgetOutput(): void {}

  crash(): undefined {
    return undefined;
  }
}
