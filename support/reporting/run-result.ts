import { type Envelope, type Pickle, type TestCase, TimeConversion } from '@cucumber/messages';
import { Query } from '@cucumber/query';
import { count } from '../bytes/safe-text';
import { failureText } from './failure-text';
import { type KnownFailure, type KnownFailures, knownFailures, type NamedScenario } from './known-failures';
import type { ScenarioOutcome } from './scenario-outcome';
import { ScenarioReader } from './scenario-reader';

/** The end of a run: everything that was judged held, a promise was broken, or the suite could not judge. */
export type Conclusion =
  | { readonly end: 'held' }
  | { readonly end: 'broken'; readonly knownThatHold?: readonly KnownFailure[] }
  | { readonly end: 'not judged'; readonly reason: string };

/** The progress of a run. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The names of the scenarios that are running. */
  readonly running: readonly string[];
}

/** So many scenarios are named in one line. */
const NAMED_PLACES = 3;
const NEVER_BEGAN = 'it never began';
const NOTHING_SELECTED =
  'no scenario fits the names, tags and places that were given; a line has to be that of a "Scenario:" or of a row of examples';
const UNFINISHED = 'the run has not come to its end';

/**
 * The one result of a run, read from Cucumber's messages; the console, every report and the exit code are
 * views of it. It takes a run as it is: one that has no end yet, or was cut short, says so and never throws.
 */
export class RunResult {
  readonly #query = new Query();
  readonly #reader: ScenarioReader;
  readonly #known: KnownFailures;
  readonly #isDry: boolean;
  readonly #cases: TestCase[] = [];
  readonly #pickles = new Map<string, Pickle>();
  readonly #ended = new Map<string, ScenarioOutcome>();
  /** The last attempt of each scenario that is over. */
  readonly #lastAttempts = new Map<string, string>();
  /** Errors beside the scenarios; each worker of a parallel run has the same ones, once is enough. */
  readonly #suiteErrors = new Set<string>();
  readonly #envelopes: Envelope[] = [];
  readonly #followers: ((envelope: Envelope) => void)[] = [];
  #cutShortBy: string | undefined;

  /** @param isDry true where every step is skipped: what can be judged is whether each has a definition */
  constructor(known = knownFailures(), isDry = process.argv.includes('--dry-run')) {
    this.#known = known;
    this.#isDry = isDry;
    this.#reader = new ScenarioReader(this.#query, known);
  }

  /** Takes in a message. What comes after the end says nothing of the vault: then everything is given up. */
  hear(envelope: Envelope): void {
    if (this.hasEnded) return;
    this.#envelopes.push(envelope);
    this.#query.update(envelope);
    const { parseError, pickle, testCase, testCaseFinished, testRunHookFinished } = envelope;
    if (pickle !== undefined) this.#pickles.set(pickle.id, pickle);
    if (testCase !== undefined) this.#cases.push(testCase);
    if (testCaseFinished?.willBeRetried === false) {
      const over = this.#query.findPickleBy(testCaseFinished);
      if (over !== undefined) this.#lastAttempts.set(over.id, testCaseFinished.testCaseStartedId);
    }
    if (parseError !== undefined) {
      this.#suiteErrors.add(`${parseError.source.uri ?? 'A feature'} cannot be read: ${parseError.message}`);
    }
    // No vault is asked anything around a run: what fails there is the suite's.
    if (testRunHookFinished?.result.status === 'FAILED') {
      const words = failureText(testRunHookFinished.result)?.words ?? 'no message';
      this.#suiteErrors.add(`A hook around the run failed: ${words}`);
    }
    for (const follow of this.#followers) follow(envelope);
  }

  /** Hands a view each message from now on, once it is part of the result. */
  follow(follower: (envelope: Envelope) => void): void {
    this.#followers.push(follower);
  }

  /**
   * Ends a run that cannot go on: what was running is an error, what never began did not run. A run that has
   * ended is not judged after all.
   */
  cutShort(reason: string): void {
    if (this.#cutShortBy !== undefined) return;
    this.#cutShortBy = reason;
    const timestamp = TimeConversion.millisecondsSinceEpochToTimestamp(Date.now());
    this.hear({ testRunFinished: { timestamp, success: false, message: reason } });
  }

  get isCutShort(): boolean {
    return this.#cutShortBy !== undefined;
  }

  get hasEnded(): boolean {
    return this.#query.findTestRunFinished() !== undefined;
  }

  /** Every message up to the end. */
  envelopes(): readonly Envelope[] {
    return this.#envelopes;
  }

  /** The outcome of an attempt that has ended, or has been cut short. */
  outcomeOf(testCaseStartedId: string): ScenarioOutcome | undefined {
    const known = this.#ended.get(testCaseStartedId);
    if (known !== undefined) return known;
    const started = this.#query.findAllTestCaseStarted().find(({ id }) => id === testCaseStartedId);
    if (started === undefined) return undefined;
    const outcome = this.#reader.outcomeOf(started);
    if (outcome !== undefined && this.#query.findTestCaseFinishedBy(started)) {
      this.#ended.set(testCaseStartedId, outcome);
    }
    return outcome;
  }

  /**
   * The outcomes of the scenarios from the one of this number on, in the order of the features, up to the
   * first that is not over: what can be told of a run that goes on without a look back.
   */
  overFrom(first: number): readonly ScenarioOutcome[] {
    const selected = new Set(this.#cases.map(({ pickleId }) => pickleId));
    const outcomes: ScenarioOutcome[] = [];
    for (const id of [...this.#pickles.keys()].filter((id) => selected.has(id)).slice(first)) {
      const outcome = this.outcomeOf(this.#lastAttempts.get(id) ?? '');
      if (outcome === undefined) break;
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Every scenario that was to run, in the order of the features; of a retried one the last attempt. */
  scenarios(): readonly ScenarioOutcome[] {
    const attempts = new Map(
      this.#query.findAllTestCaseStarted().map(({ id, testCaseId }) => [testCaseId, id]),
    );
    const outcomes = new Map<string, ScenarioOutcome>();
    for (const { id, pickleId } of this.#cases) {
      const attempt = attempts.get(id);
      const pickle = this.#pickles.get(pickleId);
      const outcome = attempt === undefined ? undefined : this.outcomeOf(attempt);
      if (outcome !== undefined) outcomes.set(pickleId, outcome);
      else if (pickle !== undefined) outcomes.set(pickleId, this.#reader.notRun(pickle, NEVER_BEGAN));
    }
    return [...this.#pickles.keys()].flatMap((id) => outcomes.get(id) ?? []);
  }

  /** The scenarios of the same features that are no part of the run: filtered out, or another shard's. */
  leftOut(): readonly NamedScenario[] {
    const selected = new Set(this.#cases.map(({ pickleId }) => pickleId));
    return [...this.#pickles.values()]
      .filter(({ id }) => !selected.has(id))
      .map((pickle) => this.#reader.placed(pickle));
  }

  /** Known failures that are none any more: they fail the run, until the list says so. */
  knownThatHold(): readonly KnownFailure[] {
    return this.#known.thatHold(this.scenarios(), this.leftOut());
  }

  /**
   * Errors of the suite beside the scenarios: features that cannot be read, hooks around the run that failed.
   */
  suiteErrors(): readonly string[] {
    return [...this.#suiteErrors];
  }

  progress(): Progress {
    const attempts = this.#query.findAllTestCaseStarted();
    const running = attempts.filter((attempt) => this.#query.findTestCaseFinishedBy(attempt) === undefined);
    return {
      done: attempts.length - running.length,
      total: this.#cases.length,
      running: running.flatMap((attempt) => {
        const testCase = this.#query.findTestCaseBy(attempt);
        return this.#pickles.get(testCase?.pickleId ?? '')?.name ?? [];
      }),
    };
  }

  /**
   * The length of the run by its own messages, in milliseconds; up to now while it goes on, 0 before it
   * began.
   */
  get durationMs(): number {
    const started = this.#query.findTestRunStarted();
    if (started === undefined) return 0;
    const finished = this.#query.findTestRunFinished();
    const endMs =
      finished === undefined
        ? Date.now()
        : TimeConversion.timestampToMillisecondsSinceEpoch(finished.timestamp);
    return endMs - TimeConversion.timestampToMillisecondsSinceEpoch(started.timestamp);
  }

  conclusion(): Conclusion {
    const scenarios = this.scenarios();
    const knownThatHold = this.knownThatHold();
    if (knownThatHold.length > 0) return { end: 'broken', knownThatHold };
    if (scenarios.some(({ status }) => status === 'failed')) return { end: 'broken' };
    const reason = this.#whyNotJudged(scenarios);
    return reason === undefined ? { end: 'held' } : { end: 'not judged', reason };
  }

  #whyNotJudged(scenarios: readonly ScenarioOutcome[]): string | undefined {
    const finished = this.#query.findTestRunFinished();
    const [suiteError] = this.#suiteErrors;
    const reason = suiteError ?? this.#cutShortBy ?? finished?.message;
    if (reason !== undefined) return reason;
    if (this.#cases.length === 0) return finished === undefined ? UNFINISHED : NOTHING_SELECTED;
    const gaps = gapsIn(scenarios);
    if (gaps !== '') return gaps;
    if (finished === undefined) return UNFINISHED;
    if (this.#isDry) return undefined;
    if (scenarios.every(({ status }) => status === 'skipped')) {
      const why = new Set(scenarios.map(({ skippedBecause }) => skippedBecause ?? 'no reason was given'));
      return `every scenario was skipped: ${[...why].join('; ')}`;
    }
    const metKnown = scenarios.some(({ status }) => status === 'known');
    return finished.success || metKnown ? undefined : 'something failed beside the scenarios';
  }
}

/** Says which scenarios the suite could not judge, and why some did not run. */
function gapsIn(scenarios: readonly ScenarioOutcome[]): string {
  const errors = scenarios.filter(({ status }) => status === 'error');
  const notRun = scenarios.filter(({ status }) => status === 'not-run');
  const why = [...new Set(notRun.map(({ skippedBecause }) => skippedBecause))].join('; ');
  if (notRun.length > 0 && notRun.length === scenarios.length) return why;
  const places = errors.slice(0, NAMED_PLACES).map(({ location }) => location);
  const more = errors.length > NAMED_PLACES ? ', …' : '';
  const unjudged = `${count(errors.length, 'scenario')} could not be judged: ${places.join(', ')}${more}`;
  const unrun = `${count(notRun.length, 'scenario')} did not run: ${why}`;
  // That a run which was cut short did not get to the rest goes without saying.
  const saysMore = notRun.length > 0 && (errors.length === 0 || why !== NEVER_BEGAN);
  return [...(errors.length > 0 ? [unjudged] : []), ...(saysMore ? [unrun] : [])].join('; ');
}

let ofThisProcess: RunResult | undefined;

/** The result of the run of this process: the same for all who ask. */
export function runResult(): RunResult {
  ofThisProcess ??= new RunResult();
  return ofThisProcess;
}
