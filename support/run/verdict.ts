import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { CANNOT_JUDGE } from './run-guard';

const HELD = 0;
const BROKEN = 1;

/** What an exception's type says: the suite failed, not the vault. */
const SUITE_FAILURES: readonly string[] = ['SuiteError'];

const UNJUDGED: readonly TestStepResultStatus[] = [
  TestStepResultStatus.UNDEFINED,
  TestStepResultStatus.AMBIGUOUS,
  TestStepResultStatus.PENDING,
  TestStepResultStatus.UNKNOWN,
];

/**
 * Listens to the run and says its exit code: 0 all asserted and held, 1 the vault broke a promise, 2 the suite could not judge; 1 wins
 * over 2 (design, idea 7).
 */
export class Verdict {
  #broken = false;
  #unjudged = false;
  #judged = 0;
  #finished = false;

  hear(envelope: Envelope): void {
    const result = envelope.testStepFinished?.testStepResult ?? envelope.testRunHookFinished?.result;
    if (result !== undefined) this.#hearResult(result.status, result.exception?.type);
    if (envelope.testCaseFinished !== undefined) this.#judged += 1;
    if (envelope.parseError !== undefined) this.#unjudged = true;
    if (envelope.testRunFinished !== undefined) {
      this.#finished = true;
      if (!envelope.testRunFinished.success && !this.#broken) this.#unjudged = true;
    }
  }

  exitCode(): number {
    if (this.#broken) return BROKEN;
    return this.#unjudged || !this.#finished || this.#judged === 0 ? CANNOT_JUDGE : HELD;
  }

  #hearResult(status: TestStepResultStatus, failure: string | undefined): void {
    if (status === TestStepResultStatus.FAILED) {
      if (SUITE_FAILURES.includes(failure ?? '')) this.#unjudged = true;
      else this.#broken = true;
    }
    if (UNJUDGED.includes(status)) this.#unjudged = true;
  }
}
