import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { SuiteError } from '../bytes/errors';

/** The exit code when the suite could not judge. */
export const CANNOT_JUDGE = 2;

/**
 * The time that cleaning up after a signal may take: longer than a vault that has to be killed, far shorter
 * than anybody waits.
 */
const CLEAN_UP_LIMIT_MS = 15_000;

const PARENT_WATCH_MS = 500;

let running: RunGuard | undefined;

/**
 * Sees to it that a run leaves nothing behind, however it ends: every process, port and folder of the run is
 * given up in the reverse order of its making, on success, failure, Ctrl-C and SIGTERM alike.
 */
export class RunGuard {
  readonly #ends: (() => Promise<void>)[] = [];
  readonly #lastResorts: (() => void)[] = [];
  readonly #interruptions: ((reason: string) => void)[] = [];
  #ending: Promise<void> | undefined;
  #interrupted = false;

  /** The guard of this process; made on first use. */
  static start(): RunGuard {
    if (running === undefined) {
      running = new RunGuard();
      running.#watchSignals();
    }
    return running;
  }

  /**
   * To be done when the run ends.
   * @returns says that it was done before: many environments are composed and closed in one process where
   * mutants are tried
   */
  onEnd(end: () => Promise<void>): () => void {
    this.#ends.push(end);
    return () => {
      const at = this.#ends.indexOf(end);
      if (at !== -1) this.#ends.splice(at, 1);
    };
  }

  /**
   * To be told first when something ends the run from outside, before anything is given up: what fails after
   * that fails for that.
   */
  onInterrupt(told: (reason: string) => void): void {
    this.#interruptions.push(told);
  }

  /** A folder that is the run's own: removed last. */
  ownFolder(folder: string): void {
    this.#lastResorts.push(() => rmSync(folder, { recursive: true, force: true }));
    this.#ends.unshift(async () => await rm(folder, { recursive: true, force: true }));
  }

  /**
   * To be done when the run ends, and once more, at once, whenever the process exits: it may not get further
   * than that.
   */
  onEveryEnd(end: () => void): void {
    this.#lastResorts.unshift(end);
    this.onEnd(async () => end());
  }

  /** True when a signal ends the run: then its exit code is the signal's. */
  get isInterrupted(): boolean {
    return this.#interrupted;
  }

  /** Ends everything, once; errors of one end do not keep the others from theirs. */
  async end(): Promise<void> {
    this.#ending ??= this.#endAll();
    await this.#ending;
  }

  /** Says in one sentence why the suite could not judge, and ends the process with exit code 2. */
  async cannotJudge(error: unknown): Promise<never> {
    // What fails then fails because everything is being ended.
    if (this.#interrupted) return await new Promise<never>(() => undefined);
    process.stderr.write(`${sentenceOf(error)}\n`);
    await this.end();
    process.exit(CANNOT_JUDGE);
  }

  async #endAll(): Promise<void> {
    for (const end of this.#ends.toReversed()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`while cleaning up: ${sentenceOf(error)}\n`);
      }
    }
  }

  #watchSignals(): void {
    const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
    for (const [signal, code] of Object.entries(signals)) {
      process.on(signal, () => this.#interrupt(`the run was ended by ${signal}`, code));
    }
    // Whoever reads no further, as "head" does, wants no more of the output; the run goes on, and its reports.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
    this.#watchCoordinator();
    this.#watchNpm();
    process.on('exit', () => {
      for (const lastResort of this.#lastResorts) lastResort();
    });
  }

  /**
   * A worker whose coordinator is gone works for nobody: it may have gone while the worker was being loaded,
   * and Cucumber goes on telling it.
   */
  #watchCoordinator(): void {
    if (process.send === undefined) return;
    const send = process.send.bind(process) as (
      message: unknown,
      told: (error: Error | null) => void,
    ) => boolean;
    const orphaned = (): void => this.#interrupt('its coordinator is gone', CANNOT_JUDGE);
    process.send = (message: unknown) =>
      !this.#interrupted &&
      send(message, (error) => {
        if (error !== null) orphaned();
      });
    if (process.connected) process.once('disconnect', orphaned);
    else orphaned();
  }

  /** npm that is told to end takes its shell along, and nobody else. */
  #watchNpm(): void {
    if (process.env.npm_lifecycle_event === undefined) return;
    const { ppid } = process;
    const watch = setInterval(() => {
      if (process.ppid !== ppid) this.#interrupt('the run was ended with npm', 143);
    }, PARENT_WATCH_MS);
    watch.unref();
  }

  #interrupt(reason: string, code: number): void {
    if (this.#interrupted) return;
    this.#interrupted = true;
    // A worker ends with its coordinator, which says so for all.
    if (process.send === undefined) process.stderr.write(`\nCleaning up: ${reason}.\n`);
    for (const told of this.#interruptions) told(reason);
    const exit = (): void => process.exit(code);
    setTimeout(exit, CLEAN_UP_LIMIT_MS).unref();
    void this.end().finally(exit);
  }
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
}

function sentenceOf(error: unknown): string {
  if (error instanceof SuiteError) return `The suite could not judge: ${error.message}`;
  return `The suite could not judge: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
