import { expect } from 'chai';
import { count } from '../bytes/safe-text';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import { terminalProgress } from '../reporting/terminal-progress';
import type { Corpus } from './corpus';
import { RoundTrips } from './round-trips';

const JOB_LOGS = 250;
const NAMED_FAILURES = 20;

/** Sends real payloads through the vault, in jobs of a few hundred, and compares what comes back. */
export class Replay {
  readonly #trips: RoundTrips;
  readonly #corpus: Corpus;
  readonly #failures: string[] = [];

  constructor(parts: ConstructorParameters<typeof RoundTrips>[0], corpus: Corpus) {
    this.#trips = new RoundTrips(parts);
    this.#corpus = corpus;
  }

  /** The number of payloads. */
  get size(): number {
    return this.#corpus.payloads.length;
  }

  /** Says in lines how much went through the vault, and what was left out, and why. */
  get summary(): string {
    const { leftOut } = this.#trips;
    const others = `${count(leftOut, 'payload')} left out that no provider of this shape can send`;
    return `${this.#corpus.summary}${leftOut === 0 ? '' : `\n${others}`}`;
  }

  /** Ingests the whole corpus, job by job, and reads every payload back. */
  async run(providerId: string): Promise<void> {
    for (let from = 0; from < this.size; from += JOB_LOGS) {
      const changed = await this.#trips.send(providerId, this.#corpus.payloads.slice(from, from + JOB_LOGS));
      this.#failures.push(...changed.map(({ name, words }) => `${name}: ${words}`));
      terminalProgress(`replay: ${Math.min(from + JOB_LOGS, this.size)} of ${this.size} payloads`);
    }
  }

  /** Fails with the names of the files that did not come back as they were. */
  expectAllUnchanged(): void {
    if (this.#trips.leftOut === this.size) {
      throw new NotOfThisShape('no payload of the corpus can be sent by the provider of this vault');
    }
    const { length } = this.#failures;
    if (length === 0) return;
    const shown = this.#failures.slice(0, NAMED_FAILURES).join('\n');
    expect.fail(`${length} of ${count(this.size, 'payload')} did not come back as they were:\n${shown}`);
  }
}
