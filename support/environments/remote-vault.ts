import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../assertions/eventually';
import { SuiteError } from '../bytes/errors';
import { probeReadiness } from './readiness';
import type { RunSettings, VaultUnderTest } from './vault-under-test';

const READY_WITHIN_MS = 20_000;
/** A vault that is away for longer has stopped; whoever restarts it does so sooner. */
const AWAY_AT_MOST_MS = 5_000;
const LOOK_EVERY_MS = 250;
const LOOK_FOR_MS = 3_000;

/** A vault that someone else runs: it can be asked, not stopped or started (contract, section 7). */
export class RemoteVault implements VaultUnderTest {
  readonly description: string;
  readonly isRunning = true;
  #looking: Promise<boolean> | undefined;
  #lookedMs = performance.now();
  #stopped: string | undefined;

  constructor(
    readonly baseUrl: string,
    readonly settings: RunSettings,
    private readonly awayAtMostMs = AWAY_AT_MOST_MS,
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

  /** Says so, too, where nobody can be reached any more; whoever asks again and again learns of it in time. */
  crash(): string | undefined {
    if (performance.now() - this.#lookedMs > LOOK_EVERY_MS) void this.stillThere();
    return this.#stopped;
  }

  /** Waits, where nobody can be reached, until somebody can be again. @returns false where that takes too long */
  async stillThere(): Promise<boolean> {
    if (this.#stopped !== undefined) return false;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      this.#lookedMs = performance.now();
    });
    return await this.#looking;
  }

  async #look(): Promise<boolean> {
    try {
      await eventually(
        () => canBeReached(this.baseUrl),
        (isReached) => isReached,
        { withinMs: this.awayAtMostMs, everyMs: LOOK_EVERY_MS, what: 'the vault to be there again' },
      );
      return true;
    } catch {
      this.#stopped = `the vault at ${this.baseUrl} stopped answering`;
      return false;
    }
  }
}

/** True where somebody takes connections; whether and what he answers is for scenarios to judge. */
async function canBeReached(baseUrl: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(baseUrl);
  const usualPort = protocol === 'https:' ? 443 : 80;
  const socket = connect(port === '' ? usualPort : Number(port), hostname.replace(/^\[|\]$/g, ''));
  socket.setTimeout(LOOK_FOR_MS, () => socket.destroy(new Error('nobody answers')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
