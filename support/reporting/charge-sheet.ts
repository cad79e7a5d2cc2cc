import { isSuiteFailure } from '../bytes/errors';
import { type ChargeAttachment, type Charges, chargesOf, isChargeAttachment } from './charges';

/** The messages that tell what a scenario is charged with; Cucumber's broadcaster is untyped. */
export interface ChargeEnvelope {
  readonly attachment?: ChargeAttachment & {
    readonly testCaseStartedId?: string;
    readonly testStepId?: string;
  };
  readonly testStepFinished?: {
    readonly testCaseStartedId: string;
    readonly testStepId: string;
    readonly testStepResult: { readonly status: string; readonly exception?: { readonly type: string } };
  };
}

/** Listens to a run, for those who want to know what a scenario is charged with before it has ended. */
export class ChargeSheet {
  readonly #attached = new Map<string, ChargeAttachment[]>();
  readonly #failures = new Map<string, (readonly ChargeAttachment[])[]>();

  /** What a step attached comes before the message that it has failed. */
  hear({ attachment, testStepFinished }: ChargeEnvelope): void {
    if (attachment !== undefined && isChargeAttachment(attachment)) {
      const step = `${attachment.testCaseStartedId} ${attachment.testStepId}`;
      this.#attached.set(step, [...(this.#attached.get(step) ?? []), attachment]);
    }
    if (testStepFinished === undefined) return;
    const { testCaseStartedId, testStepId, testStepResult } = testStepFinished;
    if (testStepResult.status !== 'FAILED' || isSuiteFailure(testStepResult.exception?.type)) return;
    const attached = this.#attached.get(`${testCaseStartedId} ${testStepId}`) ?? [];
    this.#failures.set(testCaseStartedId, [...(this.#failures.get(testCaseStartedId) ?? []), attached]);
  }

  /** What an attempt of a scenario has been charged with so far. */
  of(testCaseStartedId: string): Charges {
    return chargesOf(this.#failures.get(testCaseStartedId) ?? []);
  }
}
