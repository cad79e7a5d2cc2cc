import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { roundsOf } from '../../support/programs/drawn-round';
import { PLAIN_ROUND, type Round } from '../../support/programs/program';
import { type Outcome, runRound } from '../../support/programs/run-round';
import { shortened } from '../../support/programs/shortened';
import { Tally } from '../../support/programs/tally';
import type { ExploreOptions } from './options';

/** Rounds that one seed is good for. They share their settings: a vault is started anew for these alone. */
export const SEED_ROUNDS = 5;
/** How long the search for a shorter program may take. */
const SHORTENING_MS = 60_000;
const SEEDS = 2 ** 31;

/** A round that broke a promise. */
export interface Failure {
  readonly round: Round;
  readonly outcome: Outcome;
  /** Where it comes from, and what was done to it: `seed 7, made shorter from 12 steps to 4`. */
  readonly origin: string;
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
  readonly #onBroken: (requirements: readonly string[]) => void;
  readonly #deadlineMs: number;
  #isStopped = false;

  /** @param onBroken told which requirements are broken, before a shorter program is looked for */
  constructor(
    environment: Environment,
    options: ExploreOptions,
    part: Part = { number: 0, of: 1 },
    onBroken: (requirements: readonly string[]) => void = () => undefined,
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

  async #check(seed: number, rounds: number): Promise<Failure | undefined> {
    const drawn = roundsOf(seed, rounds, this.#options);
    const { settings, vaults } = drawn[0] ?? PLAIN_ROUND;
    for (const own of drawn) {
      if (this.#isOver()) return undefined;
      const round = { ...own, settings, vaults };
      const outcome = await runRound(round, this.#environment, this.tally);
      if (outcome.findings.length === 0) continue;
      this.#onBroken(outcome.broken.found);
      return await this.#shortened({ round, outcome, origin: `seed ${seed}` });
    }
    return undefined;
  }

  async #shortened(failure: Failure): Promise<Failure> {
    const { health } = this.#environment;
    const untilMs = performance.now() + SHORTENING_MS;
    const run = async (round: Round): Promise<Outcome> => {
      await this.#startAnew();
      return await runRound(round, this.#environment, this.tally);
    };
    const isOver = (): boolean => performance.now() > untilMs || health.givenUp !== undefined;
    const shortest = await shortened(failure, run, isOver);
    const before = failure.outcome.lines.length;
    const { length } = shortest.outcome.lines;
    const shrunk = length < before ? `, made shorter from ${before} steps to ${length}` : '';
    return { ...shortest, origin: failure.origin + shrunk };
  }

  /** A vault that remembers what the longer program did would have the shorter one answer for it. */
  async #startAnew(): Promise<void> {
    const { vault } = this.#environment;
    if (this.#environment.lacks('settings') !== undefined) return;
    await vault.stop();
    await vault.start(vault.settings);
  }

  /** @throws SuiteError where the vault cannot be judged any more */
  #isOver(): boolean {
    const { givenUp } = this.#environment.health;
    if (givenUp !== undefined) throw new SuiteError(`${givenUp}.`);
    return this.#isStopped || performance.now() > this.#deadlineMs;
  }
}
