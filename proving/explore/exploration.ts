import fc from 'fast-check';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { roundOf } from '../../support/programs/drawn-round';
import { type Round, rounds } from '../../support/programs/program';
import { type Outcome, runRound } from '../../support/programs/run-round';
import { Tally } from '../../support/programs/tally';
import type { ExploreOptions } from './options';

/**
 * Rounds that one seed is good for; the next ones have another, so that a path stays short. They share their
 * settings: a vault is started anew for these alone.
 */
export const SEED_ROUNDS = 5;
/** How long the search for a shorter program may take, in seconds. */
const SHRINKING_SECONDS = 60;
const SEEDS = 2 ** 31;

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

/** One of the explorations that share the seeds of a run, each on an environment of its own. */
export interface Part {
  /** Which of them, from 0. */
  readonly number: number;
  readonly of: number;
}

/** Runs generated programs against one vault until one breaks a promise, the runs are done or the time is over. */
export class Exploration {
  readonly tally = new Tally();
  readonly #environment: Environment;
  readonly #options: ExploreOptions;
  readonly #part: Part;
  readonly #onBroken: () => void;
  readonly #deadlineMs: number;
  #isStopped = false;
  #first: Broken | undefined;
  #shortest: Broken | undefined;
  #shrinkingUntilMs = Number.POSITIVE_INFINITY;
  #suiteError: unknown;

  /** @param onBroken told when a promise is broken, before a shorter program is looked for */
  constructor(
    environment: Environment,
    options: ExploreOptions,
    part: Part = { number: 0, of: 1 },
    onBroken: () => void = () => undefined,
  ) {
    this.#environment = environment;
    this.#options = options;
    this.#part = part;
    this.#onBroken = onBroken;
    const { durationSeconds } = options;
    this.#deadlineMs =
      durationSeconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + durationSeconds * 1_000;
  }

  /** Begins no other round, unless it is looking for a shorter program. */
  stop(): void {
    this.#isStopped = true;
  }

  /** @returns the failure, where there was one @throws SuiteError when the suite could not judge */
  async run(): Promise<Failure | undefined> {
    const { runs, concurrency, seed } = this.#options;
    const wanted = Math.ceil(runs / concurrency);
    const { number, of } = this.#part;
    for (let block = number; block * SEED_ROUNDS < wanted && !this.#isOver(); block += of) {
      const left = wanted - block * SEED_ROUNDS;
      const failure = await this.#check((seed + block) % SEEDS, Math.min(SEED_ROUNDS, left));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async #check(seed: number, numRuns: number): Promise<Failure | undefined> {
    const { settings, vaults } = roundOf(seed, 0, this.#options);
    const alike = rounds(this.#options).map((round) => ({ ...round, settings, vaults }));
    const property = fc.asyncProperty(alike, (round) => this.#try(round));
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
    if (this.#first === undefined) this.#onBroken();
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
      ((this.#isStopped || nowMs > this.#deadlineMs) && !hasFailed)
    );
  }
}
