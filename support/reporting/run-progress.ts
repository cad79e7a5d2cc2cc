import { safeText } from '../bytes/safe-text';
import { durationText } from './tally';
import { barText, type LiveLine } from './terminal-progress';

/** The messages a progress is made of; Cucumber's broadcaster is untyped. */
export interface ProgressEnvelope {
  readonly pickle?: { readonly id: string; readonly name: string };
  readonly testCase?: { readonly id: string; readonly pickleId: string };
  readonly testCaseStarted?: { readonly id: string; readonly testCaseId: string };
  readonly testCaseFinished?: { readonly testCaseStartedId: string; readonly willBeRetried: boolean };
  readonly testRunFinished?: { readonly timestamp: object };
}

const NAME_LIMIT = 200;

/** How far a run is, for somebody at a terminal: how many scenarios of how many, which one, for how long. */
export class RunProgress {
  readonly #line: LiveLine;
  readonly #startedMs = performance.now();
  readonly #names = new Map<string, string>();
  readonly #cases = new Map<string, string>();
  readonly #running = new Map<string, string>();
  #done = 0;

  constructor(line: LiveLine) {
    this.#line = line;
  }

  hear({ pickle, testCase, testCaseStarted, testCaseFinished, testRunFinished }: ProgressEnvelope): void {
    if (pickle !== undefined) this.#names.set(pickle.id, pickle.name);
    if (testCase !== undefined) this.#cases.set(testCase.id, this.#names.get(testCase.pickleId) ?? '');
    if (testCaseStarted !== undefined) {
      this.#running.set(testCaseStarted.id, this.#cases.get(testCaseStarted.testCaseId) ?? '');
      this.#line.detail('');
      this.#line.start(() => this.#text());
    }
    if (testCaseFinished !== undefined) {
      this.#running.delete(testCaseFinished.testCaseStartedId);
      if (!testCaseFinished.willBeRetried) this.#done += 1;
    }
    if (testRunFinished !== undefined) this.#line.stop();
  }

  #text(): string {
    const [first = '', ...others] = this.#running.values();
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const elapsed = durationText(performance.now() - this.#startedMs);
    return `${barText(this.#done, this.#cases.size)} · ${elapsed} · ${safeText(first, { limit: NAME_LIMIT })}${more}`;
  }
}
