import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { OutputTail } from '../../support/environments/output-tail';
import { hasEnded, signalGroup } from '../../support/environments/process-group';
import { KnownFailures } from '../../support/reporting/known-failures';
import { RunResult } from '../../support/reporting/run-result';
import { scenarioResultsOf } from '../defects/runner/scenario-results';
import type { ScenarioResult } from '../defects/runner/trial';

const SUITE = path.join('support', 'run', 'bdd.ts');
/** Somewhat less than the guard of a run that is interrupted grants whoever cleans up. */
const STOP_WITHIN_MS = 12_000;

/** Says what is to run, and where. */
export interface SuiteOrder {
  /** As they stand behind `npm run bdd --`. */
  readonly args: readonly string[];
  /** Variables on top of this process's own; `undefined` takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder its reports go to. */
  readonly reports: string;
}

/** The outcome of a run of the suite. */
export interface SuiteRun {
  /** As the suite exits; 2 as well where it was ended by a signal. */
  readonly exitCode: number;
  /** From the start of the process to its end. */
  readonly tookMs: number;
  readonly scenarios: readonly ScenarioResult[];
  readonly envelopes: readonly Envelope[];
  /** The last of what it wrote. */
  readonly lastWords: string;
}

/**
 * The suite in a process of its own, as `npm run bdd` starts it, read from its messages once it has ended.
 */
export class SuiteProcess {
  readonly #child;
  readonly #reports: string;
  readonly #startedMs = performance.now();
  readonly #lastWords = new OutputTail();
  readonly #ended: Promise<number>;
  #tookMs = 0;

  constructor({ args, environment, reports }: SuiteOrder) {
    this.#reports = reports;
    // A group of its own: Ctrl-C reaches it by `stop` alone, and so does everything that it starts.
    this.#child = spawn(process.execPath, ['-r', 'ts-node/register', SUITE, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...environment, AUDIT_VAULT_REPORTS: reports },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => this.#lastWords.push(chunk));
    }
    this.#ended = once(this.#child, 'close').then(([code]: (number | null)[]) => {
      this.#tookMs = performance.now() - this.#startedMs;
      return code ?? 2;
    });
  }

  /** The coordinator's process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return hasEnded(this.#child.pid);
  }

  /** Waits for its end. */
  async run(): Promise<SuiteRun> {
    const exitCode = await this.#ended;
    const envelopes = messagesIn(path.join(this.#reports, 'messages.ndjson'));
    const result = new RunResult(new KnownFailures([]));
    for (const envelope of envelopes) result.hear(envelope);
    return {
      exitCode,
      tookMs: this.#tookMs,
      scenarios: scenarioResultsOf(result),
      envelopes,
      lastWords: this.#lastWords.text(),
    };
  }

  /** Ends it as Ctrl-C would, vaults and all; does nothing once it has ended. */
  async stop(): Promise<void> {
    if (hasEnded(this.#child.pid)) return;
    signalGroup(this.#child.pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(this.#child.pid, 'SIGKILL'), STOP_WITHIN_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}

function messagesIn(file: string): readonly Envelope[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => parsed(line));
}

/** A run that was broken off may have left half a line. */
function parsed(line: string): readonly Envelope[] {
  try {
    return [JSON.parse(line) as Envelope];
  } catch {
    return [];
  }
}
