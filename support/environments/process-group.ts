import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, TimeoutError } from '../assertions/eventually';

/** A process with much memory takes time to be gone on a busy machine, and nobody is judged by that. */
const GONE_WITHIN_MS = 20_000;
const LAST_WORDS_MS = 500;

/** A command and everything it starts: one process group, so that a shell's children end with it. */
export class ProcessGroup {
  readonly #child: ChildProcess;
  #ending: string | undefined;
  readonly #ended: Promise<void>;
  readonly #heard: Promise<void>;

  /**
   * Starts `command` through a shell, with exactly this environment; `hear` is told of each piece of output.
   */
  constructor(command: string, environment: Readonly<Record<string, string>>, hear: (chunk: Buffer) => void) {
    this.#child = spawn('/bin/sh', ['-c', command], {
      detached: true,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.#heard = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#end(`could not be started: ${error.message}`, resolve));
      this.#child.once('exit', (code, signal) =>
        this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`, resolve),
      );
    });
  }

  /**
   * Waits until its last words were heard; somebody who left the group may keep the line open, so not for
   * long.
   */
  async heardOut(): Promise<void> {
    const patience = new AbortController();
    const silence = sleep(LAST_WORDS_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.#heard, silence]);
    patience.abort();
  }

  /** The group's id, by which the whole of it can be signalled. */
  get id(): number | undefined {
    return this.#child.pid;
  }

  /** How the command ended; `undefined` while it runs. */
  get ending(): string | undefined {
    return this.#ending;
  }

  /**
   * Asks the group to end, and makes end whatever of it has not after `graceMs`. The shell may be gone long
   * before the vault, so it is the group that is awaited.
   */
  async terminate(graceMs: number): Promise<void> {
    signalGroup(this.id, 'SIGTERM');
    try {
      await this.#untilGone(graceMs);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
    await this.kill();
  }

  /** Ends the whole group without warning and waits until none of it is left. */
  async kill(): Promise<void> {
    signalGroup(this.id, 'SIGKILL');
    await this.#ended;
    // A member may have been born while the signal went round.
    await this.#untilGone(GONE_WITHIN_MS, () => signalGroup(this.id, 'SIGKILL'));
    // Whoever left the group may hold the other ends: that must not keep the suite from ending.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  async #untilGone(withinMs: number, meanwhile: () => void = () => undefined): Promise<void> {
    await eventually(
      async () => {
        meanwhile();
        return hasEnded(this.id);
      },
      (ended) => ended,
      { withinMs, everyMs: 25, what: `process group ${this.id} to be gone` },
    );
    await this.#ended;
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

/**
 * Whether no process of the group runs any more. What is dead, but waits for a parent to notice, has ended
 * too.
 */
export function hasEnded(id: number | undefined): boolean {
  if (!signalGroup(id, 0)) return true;
  return statsIn(id)?.every(isProcessOver) ?? false;
}

/**
 * Whether a process of which the system tells this is over. It is called dead as soon as its first thread
 * is, while the others still give its memory back; its ports and connections are free only after that.
 */
export function isProcessOver({ state, threads }: ProcessStat): boolean {
  return state === 'X' || (state === 'Z' && threads <= 1);
}

interface ProcessStat {
  readonly state: string;
  readonly group: number;
  readonly threads: number;
}

/**
 * What the system tells of the group's processes, where it does (Linux); in a container nobody may collect
 * the dead.
 */
function statsIn(group: number | undefined): readonly ProcessStat[] | undefined {
  return processIds()?.flatMap((id) => {
    const stat = statOf(id);
    return stat !== undefined && stat.group === group ? [stat] : [];
  });
}

function processIds(): readonly string[] | undefined {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
}

function statOf(id: string): ProcessStat | undefined {
  try {
    return processStatIn(readFileSync(`/proc/${id}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What a line of `/proc/<id>/stat` says; the command in its parentheses may hold anything. */
export function processStatIn(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', group: Number(fields[2]), threads: Number(fields[17]) };
}
