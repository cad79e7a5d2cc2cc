import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { conformanceOf } from './conformance';
import { conformanceMarkup } from './conformance-markup';
import { linksBeside } from './page-links';
import { readRequirements } from './requirements';
import { runDescription } from './run-description';
import { type RunResult, runResultOf } from './run-result';

/**
 * `reports/conformance.html`: requirement by requirement what was asked, in which words, and what came of it.
 */
export class ConformancePage extends Formatter {
  private readonly result: RunResult;

  constructor(options: IFormatterOptions) {
    super(options);
    this.result = runResultOf(options.eventBroadcaster);
  }

  override async finished(): Promise<void> {
    const outcomes = this.result.scenarios();
    this.log(
      conformanceMarkup({
        run: runDescription(),
        durationMs: this.result.durationMs,
        conformance: conformanceOf(readRequirements(), outcomes, this.result.conclusion()),
        outcomes,
        links: linksBeside('conformance.html'),
      }),
    );
    await super.finished();
  }
}
