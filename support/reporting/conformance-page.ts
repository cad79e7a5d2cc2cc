import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { conformanceOf } from './conformance';
import { conformanceMarkup } from './conformance-markup';
import { linksBeside } from './page-links';
import { readRequirements } from './requirements';
import { type ClockEnvelope, RunClock } from './run-clock';
import { runDescription } from './run-description';
import { outcomesByPickle } from './scenario-outcome';

/** `reports/conformance.html`: requirement by requirement what was asked, in which words, and what came of it. */
export class ConformancePage extends Formatter {
  private readonly options: IFormatterOptions;
  private readonly clock = new RunClock();

  constructor(options: IFormatterOptions) {
    super(options);
    this.options = options;
    options.eventBroadcaster.on('envelope', (envelope: ClockEnvelope) => this.clock.hear(envelope));
  }

  override async finished(): Promise<void> {
    const attempts = this.eventDataCollector.getTestCaseAttempts();
    const outcomes = [...outcomesByPickle(attempts, this.options).values()];
    // With --parallel scenarios end in any order; a reader expects that of the features.
    outcomes.sort((one, other) => one.feature.uri.localeCompare(other.feature.uri) || one.line - other.line);
    this.log(
      conformanceMarkup({
        run: runDescription(),
        durationMs: this.clock.durationMs,
        conformance: conformanceOf(readRequirements(), outcomes),
        outcomes,
        links: linksBeside('conformance.html'),
      }),
    );
    await super.finished();
  }
}
