import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { isSuiteFailure } from '../errors';
import { CANNOT_JUDGE } from './run-guard';

const HELD = 0;
const BROKEN = 1;

const { FAILED, PASSED, UNDEFINED, AMBIGUOUS, PENDING, UNKNOWN } = TestStepResultStatus;
const UNJUDGED: readonly TestStepResultStatus[] = [UNDEFINED, AMBIGUOUS, PENDING, UNKNOWN];

/**
 * Listens to the run and says its exit code: 0 all asserted and held, 1 the vault broke a promise, 2 the suite could not judge, for
 * example because nothing but skipped scenarios was left; 1 wins over 2 (design, idea 7).
 */
export class Verdict {
  #broken = false;
  #unjudged = false;
  #judged = false;
  #finished = false;
  readonly #statuses = new Map<string, TestStepResultStatus[]>();

  hear(envelope: Envelope): void {
    const { testStepFinished, testCaseFinished, testRunHookFinished, testRunFinished } = envelope;
    if (testStepFinished !== undefined) {
      const { testCaseStartedId, testStepResult } = testStepFinished;
      this.#hearStep(testStepResult.status, testStepResult.exception?.type);
      this.#statuses.set(testCaseStartedId, [...this.#statusesOf(testCaseStartedId), testStepResult.status]);
    }
    if (testCaseFinished !== undefined) this.#hearEnd(testCaseFinished.testCaseStartedId);
    // No vault is asked anything around a run: what fails there is the suite's.
    if (testRunHookFinished?.result.status === FAILED) this.#unjudged = true;
    if (envelope.parseError !== undefined) this.#unjudged = true;
    if (testRunFinished !== undefined) {
      this.#finished = true;
      if (!testRunFinished.success && !this.#broken) this.#unjudged = true;
    }
  }

  exitCode(): number {
    if (this.#broken) return BROKEN;
    return this.#unjudged || !this.#finished || !this.#judged ? CANNOT_JUDGE : HELD;
  }

  #hearStep(status: TestStepResultStatus, failure: string | undefined): void {
    if (UNJUDGED.includes(status)) this.#unjudged = true;
    if (status !== FAILED) return;
    if (isSuiteFailure(failure)) this.#unjudged = true;
    else this.#broken = true;
  }

  /** A scenario that was skipped, whatever hook or step did it, has judged nothing. */
  #hearEnd(testCaseStartedId: string): void {
    const statuses = this.#statusesOf(testCaseStartedId);
    if (statuses.includes(FAILED) || statuses.every((status) => status === PASSED)) this.#judged = true;
    this.#statuses.delete(testCaseStartedId);
  }

  #statusesOf(testCaseStartedId: string): readonly TestStepResultStatus[] {
    return this.#statuses.get(testCaseStartedId) ?? [];
  }
}
