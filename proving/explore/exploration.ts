import fc from 'fast-check';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { type Round, rounds } from '../../support/programs/program';
import { type Outcome, runRound } from '../../support/programs/run-round';
import { Tally } from '../../support/programs/tally';
import { terminalProgress } from '../../support/reporting/terminal-progress';
import type { ExploreOptions } from './options';

/** Rounds that one seed is good for; the next ones have the seed after it, so that a path stays short. */
const SEED_ROUNDS = 100;
/** How long the search for a shorter program may take, in seconds. */
const SHRINKING_SECONDS = 60;
const SEEDS = 2 ** 31;
const PROGRESS_EVERY_MS = 250;

/** A round that broke a promise. */
export interface Failure {
  readonly round: Round;
  readonly outcome: Outcome;
  /** Where it comes from, and what was done to it: `seed 7, made shorter from 12 steps to 4`. */
  readonly origin: string;
}

interface Broken {
  readonly round: Round;
  readonly outcome: Outcome;
}

/** Runs generated programs against one vault until one breaks a promise, the runs are done or the time is over. */
export class Exploration {
  readonly tally = new Tally();
  readonly #environment: Environment;
  readonly #options: ExploreOptions;
  readonly #deadlineMs: number;
  #first: Broken | undefined;
  #shortest: Broken | undefined;
  #shrinkingUntilMs = Number.POSITIVE_INFINITY;
  #suiteError: unknown;
  #toldMs = 0;

  constructor(environment: Environment, options: ExploreOptions) {
    this.#environment = environment;
    this.#options = options;
    const { durationSeconds } = options;
    this.#deadlineMs =
      durationSeconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + durationSeconds * 1_000;
  }

  /** @returns the failure, where there was one @throws SuiteError when the suite could not judge */
  async run(): Promise<Failure | undefined> {
    const { runs, concurrency, seed } = this.#options;
    const wanted = Math.ceil(runs / concurrency);
    for (let done = 0; done < wanted && performance.now() < this.#deadlineMs; done += SEED_ROUNDS) {
      const failure = await this.#check(
        (seed + done / SEED_ROUNDS) % SEEDS,
        Math.min(SEED_ROUNDS, wanted - done),
      );
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async #check(seed: number, numRuns: number): Promise<Failure | undefined> {
    const property = fc.asyncProperty(rounds(this.#options), (round) => this.#try(round));
    await fc.check(property, { seed, numRuns });
    const shortest = this.#shortest;
    // What the suite failed at while it looked for a shorter program does not undo what was found.
    if (shortest === undefined && this.#suiteError !== undefined) throw this.#suiteError;
    if (shortest === undefined) return undefined;
    const before = this.#first?.outcome.lines.length ?? 0;
    const { length } = shortest.outcome.lines;
    const shrunk = length < before ? `, made shorter from ${before} steps to ${length}` : '';
    return { ...shortest, origin: `seed ${seed}${shrunk}` };
  }

  /** Runs one round; after the time is over it does nothing, so that fast-check comes to its end. */
  async #try(round: Round): Promise<void> {
    if (this.#isOver()) return;
    this.#tell();
    let outcome: Outcome;
    try {
      if (this.#shortest !== undefined) await this.#startAnew();
      outcome = await runRound(round, this.#environment, this.tally);
    } catch (error) {
      this.#suiteError = error;
      return;
    }
    if (outcome.findings.length === 0) return;
    const broken = { round, outcome };
    this.#first ??= broken;
    this.#shortest = broken;
    this.#shrinkingUntilMs = Math.min(this.#shrinkingUntilMs, performance.now() + SHRINKING_SECONDS * 1_000);
    throw new Error('a promise was broken');
  }

  /** A vault that remembers what the longer program did would have the shorter one answer for it. */
  async #startAnew(): Promise<void> {
    const { vault } = this.#environment;
    if (this.#environment.lacks('settings') !== undefined) return;
    await vault.stop();
    await vault.start(vault.settings);
  }

  #isOver(): boolean {
    const { givenUp } = this.#environment.health;
    if (givenUp !== undefined && this.#shortest === undefined)
      this.#suiteError ??= new SuiteError(`${givenUp}.`);
    const nowMs = performance.now();
    const hasFailed = this.#shortest !== undefined;
    return (
      this.#suiteError !== undefined ||
      givenUp !== undefined ||
      nowMs > this.#shrinkingUntilMs ||
      (nowMs > this.#deadlineMs && !hasFailed)
    );
  }

  #tell(): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < PROGRESS_EVERY_MS) return;
    this.#toldMs = nowMs;
    terminalProgress(this.#progress(nowMs));
  }

  #progress(nowMs: number): string {
    const { programs, seconds } = this.tally;
    if (this.#shortest !== undefined) {
      return `explore: a promise was broken; looking for a shorter program (${this.#shortest.outcome.lines.length} steps)`;
    }
    const rate = programs / seconds;
    const { runs, durationSeconds } = this.#options;
    const left =
      durationSeconds === undefined ? (runs - programs) / rate : (this.#deadlineMs - nowMs) / 1_000;
    const whole = durationSeconds === undefined ? ` of ${runs}` : '';
    return `explore: ${programs}${whole} programs, ${rate.toFixed(1)}/s, ${Number.isFinite(left) ? `${Math.ceil(left)} s left` : ''}`;
  }
}
