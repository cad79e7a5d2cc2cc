import cucumbers from '@cucumber/junit-xml-formatter';
import { type Envelope, type TestStepResult, TestStepResultStatus } from '@cucumber/messages';
import { isSuiteFailure } from '../bytes/errors';
import { type KnownFailures, knownFailures, ScenarioRoll } from './known-failures';
import { SKIPPED_BECAUSE } from './scenario-outcome';

type Formatting = Parameters<typeof cucumbers.formatter>[0];

/**
 * `reports/junit.xml`: Cucumber's own, told of known failures as of skipped scenarios. JUnit's format has no word for them, and a CI
 * server that counts failures would stay red for what the run's exit code forgives.
 */
export const junitReport = {
  type: 'formatter',
  formatter({ options, on, write }: Formatting): void {
    const tell = new JunitMessages(knownFailures());
    cucumbers.formatter({
      options,
      write,
      on: (type, hear) => on(type, (message) => hear(tell.of(message))),
    });
  },
  optionsKey: cucumbers.optionsKey,
};

/** The messages of a run as its JUnit report is made of them. */
export class JunitMessages {
  readonly #roll = new ScenarioRoll();
  readonly #reasons = new Map<string, string>();

  constructor(private readonly known: KnownFailures) {}

  /** The message itself, or one that says `skipped`, and why, where Cucumber's says less. */
  of(message: Envelope): Envelope {
    this.#roll.hear(message);
    const { attachment, testStepFinished } = message;
    if (attachment?.testCaseStartedId !== undefined && attachment.body.startsWith(SKIPPED_BECAUSE)) {
      this.#reasons.set(attachment.testCaseStartedId, attachment.body);
    }
    if (testStepFinished === undefined) return message;
    const { testCaseStartedId, testStepResult } = testStepFinished;
    const result = this.#resultOf(testCaseStartedId, testStepResult);
    return { ...message, testStepFinished: { ...testStepFinished, testStepResult: result } };
  }

  /** The report quotes the last step that was skipped: so each that follows the first has the reason too. */
  #resultOf(attempt: string, result: TestStepResult): TestStepResult {
    const { status, duration, exception, message = '' } = result;
    if (status === TestStepResultStatus.FAILED && !isSuiteFailure(exception?.type)) {
      const reason = this.known.reasonFor(this.#roll.of(attempt));
      if (reason === undefined) return result;
      const told = `known to fail: ${reason}\n\n${message}`;
      this.#reasons.set(attempt, told);
      return { status: TestStepResultStatus.SKIPPED, duration, message: told };
    }
    const reason = this.#reasons.get(attempt);
    const isSilent = status === TestStepResultStatus.SKIPPED && message === '';
    return isSilent && reason !== undefined ? { ...result, message: reason } : result;
  }
}
