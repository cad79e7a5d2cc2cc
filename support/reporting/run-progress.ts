import type { Envelope } from '@cucumber/messages';
import { safeText } from '../bytes/safe-text';
import type { RunResult } from './run-result';
import { durationText } from './run-tally';
import { barText, type LiveLine } from './terminal-progress';

const NAME_LIMIT = 200;

/** Shows somebody at a terminal how far a run is: how many scenarios of how many, which one, for how long. */
export class RunProgress {
  readonly #startedMs = performance.now();

  constructor(
    private readonly line: LiveLine,
    private readonly result: RunResult,
  ) {}

  hear({ testCaseStarted, testRunFinished }: Envelope): void {
    if (testCaseStarted !== undefined) {
      this.line.detail('');
      this.line.start(() => this.#text());
    }
    if (testRunFinished !== undefined) this.line.stop();
  }

  #text(): string {
    const { done, total, running } = this.result.progress();
    const [first = '', ...others] = running;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const elapsed = durationText(performance.now() - this.#startedMs);
    return `${barText(done, total)} · ${elapsed} · ${safeText(first, { limit: NAME_LIMIT })}${more}`;
  }
}
