import { Formatter, type IFormatterOptions } from '@cucumber/cucumber';
import { junitXml } from './junit-xml';
import { type RunResult, runResultOf } from './run-result';

/**
 * `reports/junit.xml`: a test case for each scenario, in the words that JUnit has. A known failure is
 * skipped, as a scenario is that needs another target, for a CI server that counts failures would stay red
 * for what the exit code forgives. A run that could not be judged has at least one error.
 */
export class JunitReport extends Formatter {
  private readonly result: RunResult;

  constructor(options: IFormatterOptions) {
    super(options);
    this.result = runResultOf(options.eventBroadcaster);
  }

  override async finished(): Promise<void> {
    this.log(junitXml(this.result));
    await super.finished();
  }
}
