import { type ChildProcess, spawn } from 'node:child_process';
import { eventually } from '../assertions/eventually';

const GONE_WITHIN_MS = 5_000;

/** A command and everything it starts: one process group, so that a shell's children end with it. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  #ending: string | undefined;
  readonly ended: Promise<void>;

  /** Starts `command` through a shell, with exactly this environment; `hear` is told of each piece of output. */
  constructor(command: string, environment: Readonly<Record<string, string>>, hear: (chunk: Buffer) => void) {
    this.#child = spawn('/bin/sh', ['-c', command], {
      detached: true,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(`could not be started: ${error.message}`, resolve));
      this.#child.once('exit', (code, signal) =>
        this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`, resolve),
      );
    });
  }

  /** The group's id, by which the whole of it can be signalled. */
  get id(): number | undefined {
    return this.#child.pid;
  }

  /** How it ended; `undefined` while it runs. */
  get ending(): string | undefined {
    return this.#ending;
  }

  /** Asks the group to end, and makes it end when it has not after `graceMs`. */
  async terminate(graceMs: number): Promise<void> {
    signalGroup(this.id, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(this.id, 'SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
    await this.kill();
  }

  /** Ends the whole group without warning and waits until none of it is left. */
  async kill(): Promise<void> {
    signalGroup(this.id, 'SIGKILL');
    await this.ended;
    await eventually(
      async () => signalGroup(this.id, 'SIGKILL'),
      (lives) => !lives,
      { withinMs: GONE_WITHIN_MS, what: `process group ${this.id} to be gone` },
    );
  }

  #end(words: string, resolve: () => void): void {
    this.#ending ??= words;
    resolve();
  }
}

/** Signals a whole process group. @returns whether anything of it was there to be signalled */
export function signalGroup(id: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (id === undefined) return false;
  try {
    process.kill(-id, signal);
    return true;
  } catch {
    return false;
  }
}
