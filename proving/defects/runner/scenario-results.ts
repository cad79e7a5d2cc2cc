import type { Envelope, Pickle, TestStepResultStatus } from '@cucumber/messages';
import { failureText } from '../../../support/reporting/failure-text';
import type { ScenarioResult } from './trial';

const UNJUDGED: readonly `${TestStepResultStatus}`[] = ['UNDEFINED', 'AMBIGUOUS', 'PENDING', 'UNKNOWN'];

/** So the hooks begin to say why a scenario is skipped. */
const SKIPPED = 'skipped: ';

interface Course {
  readonly pickle: Pickle;
  status: ScenarioResult['status'];
  words: string;
}

/** Listens to a run and notes how each scenario ended. */
export class ScenarioResults {
  readonly #pickles = new Map<string, Pickle>();
  readonly #pickleOfCase = new Map<string, string>();
  readonly #courses = new Map<string, Course>();

  hear({ pickle, testCase, testCaseStarted, testStepFinished, attachment }: Envelope): void {
    if (pickle !== undefined) this.#pickles.set(pickle.id, pickle);
    if (testCase !== undefined) this.#pickleOfCase.set(testCase.id, testCase.pickleId);
    if (testCaseStarted !== undefined) this.#start(testCaseStarted.id, testCaseStarted.testCaseId);
    if (attachment?.mediaType === 'text/plain' && attachment.body.startsWith(SKIPPED)) {
      const course = this.#courses.get(attachment.testCaseStartedId ?? '');
      if (course !== undefined) course.words = attachment.body.slice(SKIPPED.length);
    }
    if (testStepFinished !== undefined) {
      const { testCaseStartedId, testStepResult } = testStepFinished;
      const words = failureText(testStepResult)?.words;
      this.#noteStep(this.#courses.get(testCaseStartedId), testStepResult.status, words);
    }
  }

  all(): readonly ScenarioResult[] {
    return [...this.#courses.values()].map(({ pickle, status, words }) => ({
      uri: pickle.uri,
      line: pickle.location?.line ?? 0,
      name: pickle.name,
      tags: pickle.tags.map(({ name }) => name.slice(1)),
      status,
      words,
    }));
  }

  #start(id: string, caseId: string): void {
    const pickle = this.#pickles.get(this.#pickleOfCase.get(caseId) ?? '');
    if (pickle !== undefined) this.#courses.set(id, { pickle, status: 'passed', words: '' });
  }

  /** The first step that did not pass tells; one that failed outweighs what was skipped. */
  #noteStep(course: Course | undefined, status: `${TestStepResultStatus}`, words: string | undefined): void {
    if (course === undefined || status === 'PASSED' || course.status === 'failed') return;
    if (status === 'SKIPPED') {
      if (course.status === 'passed') course.status = 'skipped';
      return;
    }
    course.status = UNJUDGED.includes(status) ? 'unjudged' : 'failed';
    course.words = words ?? '';
  }
}
