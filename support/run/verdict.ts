import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { isSuiteFailure } from '../bytes/errors';
import { CANNOT_JUDGE } from '../process/run-guard';
import { type ChargedScenario, KnownFailures, ScenarioRoll } from '../reporting/known-failures';

const HELD = 0;
const BROKEN = 1;

const { FAILED, PASSED, UNDEFINED, AMBIGUOUS, PENDING, UNKNOWN } = TestStepResultStatus;
const UNJUDGED: readonly TestStepResultStatus[] = [UNDEFINED, AMBIGUOUS, PENDING, UNKNOWN];

/**
 * Listens to the run and says its exit code: 0 all asserted and held, 1 the vault broke a promise, 2 the suite could not judge, for
 * example because nothing but skipped scenarios was left; 1 wins over 2 (design, idea 7). Failures that are known do not count; one
 * that is none any more counts as a broken promise, until the list says so.
 */
export class Verdict {
  #broken = false;
  #unjudged = false;
  #judged = false;
  #finished = false;
  #metKnown = false;
  readonly #known: KnownFailures;
  readonly #scenarios = new ScenarioRoll();
  readonly #outcomes: (ChargedScenario & { readonly status: string })[] = [];
  readonly #statuses = new Map<string, TestStepResultStatus[]>();

  readonly #isDry: boolean;
  #selected = 0;

  /** @param isDry a dry run skips every step: what can be judged is whether each has a definition */
  constructor(known = new KnownFailures([]), isDry = false) {
    this.#known = known;
    this.#isDry = isDry;
  }

  /** Whether no scenario was to run; where a vault did not start, none ran that was. */
  get selectedNothing(): boolean {
    return this.#finished && this.#selected === 0;
  }

  hear(envelope: Envelope): void {
    this.#scenarios.hear(envelope);
    const { testStepFinished, testCaseFinished, testRunHookFinished, testRunFinished } = envelope;
    if (testStepFinished !== undefined) {
      const { testCaseStartedId, testStepResult } = testStepFinished;
      this.#hearStep(testCaseStartedId, testStepResult.status, testStepResult.exception?.type);
      this.#statuses.set(testCaseStartedId, [...this.#statusesOf(testCaseStartedId), testStepResult.status]);
    }
    if (envelope.testCase !== undefined) this.#selected += 1;
    if (testCaseFinished !== undefined) this.#hearEnd(testCaseFinished.testCaseStartedId);
    // No vault is asked anything around a run: what fails there is the suite's.
    if (testRunHookFinished?.result.status === FAILED) this.#unjudged = true;
    if (envelope.parseError !== undefined) this.#unjudged = true;
    if (testRunFinished !== undefined) {
      this.#finished = true;
      if (this.#known.thatHold(this.#outcomes, this.#scenarios.leftOut()).length > 0) this.#broken = true;
      if (!testRunFinished.success && !this.#broken && !this.#metKnown) this.#unjudged = true;
    }
  }

  exitCode(): number {
    if (this.#broken) return BROKEN;
    return this.#unjudged || !this.#finished || !this.#judged ? CANNOT_JUDGE : HELD;
  }

  #hearStep(testCaseStartedId: string, status: TestStepResultStatus, failure: string | undefined): void {
    if (UNJUDGED.includes(status)) this.#unjudged = true;
    if (status !== FAILED) return;
    if (isSuiteFailure(failure)) this.#unjudged = true;
    else if (this.#known.reasonFor(this.#scenarios.of(testCaseStartedId)) !== undefined)
      this.#metKnown = true;
    else this.#broken = true;
  }

  /** A scenario that was skipped, whatever hook or step did it, has judged nothing. */
  #hearEnd(testCaseStartedId: string): void {
    if (this.#isDry) this.#judged = true;
    const statuses = this.#statusesOf(testCaseStartedId);
    const left = statuses.find((status) => status !== PASSED);
    const outcome = statuses.includes(FAILED) ? FAILED : (left ?? PASSED);
    this.#outcomes.push({ ...this.#scenarios.of(testCaseStartedId), status: outcome.toLowerCase() });
    if (statuses.includes(FAILED) || statuses.every((status) => status === PASSED)) this.#judged = true;
    this.#statuses.delete(testCaseStartedId);
  }

  #statusesOf(testCaseStartedId: string): readonly TestStepResultStatus[] {
    return this.#statuses.get(testCaseStartedId) ?? [];
  }
}
