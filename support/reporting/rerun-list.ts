import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { type RunResult, runResultOf } from './run-result';

/**
 * `reports/rerun.txt`: where the scenarios are that failed, could not be judged or did not run, one a line,
 * for `npm run bdd:rerun`. Cucumber's own list would name the skipped ones too. A run that ended leaves at
 * least a line feed; one that was broken off, nothing.
 */
export class RerunList extends Formatter {
  private readonly result: RunResult;

  constructor(options: IFormatterOptions) {
    super(options);
    this.result = runResultOf(options.eventBroadcaster);
  }

  override async finished(): Promise<void> {
    const places = this.result
      .scenarios()
      .filter(({ status }) => status === 'failed' || status === 'error' || status === 'not-run')
      .map(({ location }) => location);
    this.log(`${places.join('\n')}\n`);
    await super.finished();
  }
}
