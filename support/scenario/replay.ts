import { expect } from 'chai';
import { count } from '../bytes/safe-text';
import { terminalProgress } from '../reporting/terminal-progress';
import type { CorpusPayload } from './corpus';
import { RoundTrips } from './round-trips';

const JOB_LOGS = 250;
const NAMED_FAILURES = 20;

/** Sends real payloads through the vault, in jobs of a few hundred, and compares what comes back. */
export class Replay {
  readonly #trips: RoundTrips;
  readonly #corpus: readonly CorpusPayload[];
  readonly #failures: string[] = [];

  constructor(parts: ConstructorParameters<typeof RoundTrips>[0], corpus: readonly CorpusPayload[]) {
    this.#trips = new RoundTrips(parts);
    this.#corpus = corpus;
  }

  /** The number of payloads. */
  get size(): number {
    return this.#corpus.length;
  }

  /** Ingests the whole corpus, job by job, and reads every payload back. */
  async run(providerId: string): Promise<void> {
    for (let from = 0; from < this.#corpus.length; from += JOB_LOGS) {
      const changed = await this.#trips.send(providerId, this.#corpus.slice(from, from + JOB_LOGS));
      this.#failures.push(...changed.map(({ name, words }) => `${name}: ${words}`));
      terminalProgress(
        `replay: ${Math.min(from + JOB_LOGS, this.#corpus.length)} of ${this.#corpus.length} payloads`,
      );
    }
  }

  /** Fails with the names of the files that did not come back as they were. */
  expectAllUnchanged(): void {
    const { length } = this.#failures;
    if (length === 0) return;
    const shown = this.#failures.slice(0, NAMED_FAILURES).join('\n');
    expect.fail(
      `${length} of ${count(this.#corpus.length, 'payload')} did not come back as they were:\n${shown}`,
    );
  }
}
