import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { outcomesByPickle } from './scenario-outcome';

/**
 * `reports/rerun.txt`: where the scenarios are that failed or could not be judged, one a line, for `npm run bdd:rerun`. Cucumber's own
 * list would name the skipped ones too. A run that ended leaves at least a line feed; one that was broken off, nothing.
 */
export class RerunList extends Formatter {
  private readonly options: IFormatterOptions;

  constructor(options: IFormatterOptions) {
    super(options);
    this.options = options;
  }

  override async finished(): Promise<void> {
    const outcomes = outcomesByPickle(this.eventDataCollector.getTestCaseAttempts(), this.options);
    const places = [...outcomes.values()]
      .filter(({ status }) => status === 'failed' || status === 'unjudged')
      .map(({ location }) => location);
    this.log(`${places.join('\n')}\n`);
    await super.finished();
  }
}
