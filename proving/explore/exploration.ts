import fc from 'fast-check';
import { SuiteError } from '../../support/bytes/errors';
import { safeText } from '../../support/bytes/safe-text';
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

/** A program that broke a promise, made as short as was possible in the time. */
interface Failure {
  readonly outcome: Outcome;
  readonly seed: number;
  /** By which fast-check finds the program again. */
  readonly path: string;
  /** Steps before and after it was made shorter. */
  readonly stepsBefore: number;
}

/** Runs generated programs against one vault until one breaks a promise, the runs are done or the time is over. */
export class Exploration {
  readonly tally = new Tally();
  readonly #environment: Environment;
  readonly #options: ExploreOptions;
  readonly #deadlineMs: number;
  #first: Outcome | undefined;
  #shortest: Outcome | undefined;
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
    const { runs, concurrency, seed, path } = this.#options;
    const wanted = path === undefined ? Math.ceil(runs / concurrency) : 1;
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
    const { path } = this.#options;
    const property = fc.asyncProperty(rounds(this.#options), (round) => this.#try(round));
    const details = await fc.check(property, {
      seed,
      numRuns,
      // A value that is to be seen again is run as it is.
      ...(path === undefined ? {} : { path, endOnFailure: true }),
    });
    const outcome = this.#shortest;
    // What the suite failed at while it looked for a shorter program does not undo what was found.
    if (outcome === undefined && this.#suiteError !== undefined) throw this.#suiteError;
    if (outcome === undefined) return undefined;
    const stepsBefore = this.#first?.lines.length ?? 0;
    return { outcome, seed, path: details.counterexamplePath ?? '', stepsBefore };
  }

  /** Runs one round; after the time is over it does nothing, so that fast-check comes to its end. */
  async #try(round: Round): Promise<void> {
    if (this.#isOver()) return;
    this.#tell();
    let outcome: Outcome;
    try {
      outcome = await runRound(round, this.#environment, this.tally);
    } catch (error) {
      this.#suiteError = error;
      return;
    }
    if (outcome.findings.length === 0) return;
    this.#first ??= outcome;
    this.#shortest = outcome;
    this.#shrinkingUntilMs = Math.min(this.#shrinkingUntilMs, performance.now() + SHRINKING_SECONDS * 1_000);
    throw new Error('a promise was broken');
  }

  #isOver(): boolean {
    const { givenUp } = this.#environment.health;
    if (givenUp !== undefined && this.#shortest === undefined)
      this.#suiteError ??= new SuiteError(`${givenUp}.`);
    const nowMs = performance.now();
    const hasFailed = this.#shortest !== undefined;
    const isAlone = this.#options.path !== undefined;
    return (
      // fast-check goes on with the neighbours of a value that holds.
      (isAlone && this.tally.programs > 0) ||
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
      return `explore: a promise was broken; looking for a shorter program (${this.#shortest.lines.length} steps)`;
    }
    const rate = programs / seconds;
    const { runs, durationSeconds } = this.#options;
    const left =
      durationSeconds === undefined ? (runs - programs) / rate : (this.#deadlineMs - nowMs) / 1_000;
    const whole = durationSeconds === undefined ? ` of ${runs}` : '';
    return `explore: ${programs}${whole} programs, ${rate.toFixed(1)}/s, ${Number.isFinite(left) ? `${Math.ceil(left)} s left` : ''}`;
  }
}

/** A failure as it is printed: the program like a scenario, what was broken, and how to see it again. */
export function failureLines(
  { outcome, seed, path, stepsBefore }: Failure,
  options: ExploreOptions,
): readonly string[] {
  const { lines, findings, lastWords } = outcome;
  const shrunk =
    lines.length < stepsBefore ? `, made shorter from ${stepsBefore} steps to ${lines.length}` : '';
  const flags = [
    options.concurrency === 1 ? '' : ` --concurrency ${options.concurrency}`,
    options.mode === 'wire' ? ' --wire' : '',
    options.kill ? ' --kill' : '',
    options.vaults === undefined ? '' : ` --vaults ${options.vaults}`,
    options.only === undefined ? '' : ` --only ${options.only.join(',')}`,
  ].join('');
  return [
    `The vault broke a promise in this program (seed ${seed}${shrunk}):`,
    '',
    ...lines.map((line) => `  ${line}`),
    ...findings.flatMap((finding, index) =>
      safeText(finding, { limit: 4_000, multiLine: true })
        .split('\n')
        .map((line, at) => (at === 0 ? `  ${index === 0 ? 'Then' : 'And'} ${line}` : `    ${line}`)),
    ),
    ...(lastWords.length === 0
      ? []
      : ['', '  The last that the vault wrote:', ...lastWords.map((line) => `    ${line}`)]),
    '',
    `See it again: npm run explore -- --seed ${seed} --path ${path}${flags}`,
  ];
}
