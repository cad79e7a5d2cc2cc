import { once } from 'node:events';
import { createServer } from 'node:net';
import { eventually } from '../assertions/eventually';
import { safeText } from '../bytes/safe-text';
import { OutputTail } from './output-tail';
import { ProcessGroup, signalGroup } from './process-group';
import { probeReadiness } from './readiness';
import type { VaultGroups } from './vault-groups';
import type { RunSettings, VaultUnderTest } from './vault-under-test';

/** The vault ended, or never became ready, though nobody asked it to. */
export class VaultProcessError extends Error {
  override readonly name = 'VaultProcessError';
}

/** How long a vault may take to be ready that has the machine to itself (contract, section 7). */
export const READY_WITHIN_MS = 20_000;
/** How long a vault may take to stop by itself. */
const STOP_WITHIN_MS = 5_000;
const PORT_TRIES = 3;
const QUOTED_LINES = 12;
const QUOTED_CHARACTERS = 4_000;

interface Launch {
  readonly command: string;
  readonly settings: RunSettings;
  /** Takes secrets out of what the vault wrote before it is quoted. */
  readonly redact: (text: string) => string;
  /** How long it may take to be ready, in milliseconds. */
  readonly readyWithinMs: number;
  /** The environment of contract section 6 for these settings and this port, on top of the suite's own. */
  environmentFor(settings: RunSettings, port: number): Readonly<Record<string, string>>;
  readonly groups: VaultGroups;
}

/** A vault that the suite starts by a command, stops, kills and starts again (contract, section 7). */
export class CommandVault implements VaultUnderTest {
  readonly description: string;
  readonly #launch: Launch;
  readonly #output = new OutputTail();
  #settings: RunSettings;
  #group: ProcessGroup | undefined;
  #port: number | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
    this.#settings = launch.settings;
    this.description = `VAULT_COMMAND ${safeText(launch.command)}`;
  }

  get settings(): RunSettings {
    return this.#settings;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port ?? 0}`;
  }

  get isRunning(): boolean {
    return this.#group !== undefined;
  }

  /** @throws VaultProcessError when it ends or is not ready in time, with its last output */
  async start(overrides: Partial<RunSettings> = {}): Promise<void> {
    await this.kill();
    this.#settings = { ...this.#launch.settings, ...overrides };
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      try {
        await this.#startOn(port);
        return;
      } catch (error) {
        // Somebody may have taken the port between its choice and the vault's start; then another one will
        // do.
        const lost = this.#group?.ending !== undefined && !(await isFree(port));
        await this.kill();
        if (!lost || attempt === PORT_TRIES) throw error;
      }
    }
  }

  async startPeer(): Promise<CommandVault> {
    const peer = new CommandVault(this.#launch);
    try {
      await peer.start(this.#settings);
      return peer;
    } catch (error) {
      await peer.kill();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#end((group) => group.terminate(STOP_WITHIN_MS));
  }

  async kill(): Promise<void> {
    await this.#end((group) => group.kill());
  }

  standStill(): void {
    signalGroup(this.#group?.id, 'SIGSTOP');
  }

  goOn(): void {
    signalGroup(this.#group?.id, 'SIGCONT');
  }

  output(): string {
    return this.#output.text();
  }

  forgetOutput(): void {
    this.#output.clear();
  }

  crash(): string | undefined {
    const ending = this.#group?.ending;
    return ending === undefined ? undefined : `the vault ended by itself (${ending})${this.#lastWords()}`;
  }

  async #startOn(port: number): Promise<void> {
    this.#port = port;
    const group = new ProcessGroup(
      this.#launch.command,
      this.#launch.environmentFor(this.#settings, port),
      (chunk) => this.#output.push(chunk),
    );
    this.#group = group;
    if (group.id !== undefined) this.#launch.groups.started(group.id);
    let ready = false;
    try {
      await eventually(
        async () => (group.ending === undefined ? await probeReadiness(this.baseUrl) : 'ended'),
        (seen) => {
          ready = seen === 'ready';
          return ready || seen === 'ended';
        },
        {
          withinMs: this.#launch.readyWithinMs,
          everyMs: 50,
          what: 'the vault to be ready (GET /v1/logs?limit=1 to answer 200)',
        },
      );
    } catch (error) {
      throw new VaultProcessError(
        `${error instanceof Error ? error.message : String(error)}${this.#lastWords()}`,
      );
    }
    if (!ready) {
      await group.heardOut();
      throw new VaultProcessError(
        `the vault ended before it was ready (${group.ending})${this.#lastWords()}`,
      );
    }
  }

  #lastWords(): string {
    const lines = this.#launch.redact(this.#output.lastLines(QUOTED_LINES));
    return lines === ''
      ? '; it wrote nothing'
      : `; its last output:\n${safeText(lines.slice(-QUOTED_CHARACTERS), { limit: QUOTED_CHARACTERS, multiLine: true })}`;
  }

  async #end(how: (group: ProcessGroup) => Promise<void>): Promise<void> {
    const group = this.#group;
    this.#group = undefined;
    if (group === undefined) return;
    await how(group);
    if (group.id !== undefined) this.#launch.groups.ended(group.id);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
