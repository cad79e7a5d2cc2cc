import { Formatter } from '@cucumber/cucumber';
import { conformanceOf } from './conformance';
import { readRequirements } from './requirements';
import { runDescription } from './run-description';
import { outcomesByPickle } from './scenario-outcome';

/** `reports/conformance.json`: the verdict on the vault and on each requirement, for a CI to gate on. */
export class ConformanceJson extends Formatter {
  private readonly options: ConstructorParameters<typeof Formatter>[0];

  constructor(options: ConstructorParameters<typeof Formatter>[0]) {
    super(options);
    this.options = options;
  }

  override async finished(): Promise<void> {
    const outcomes = outcomesByPickle(this.eventDataCollector.getTestCaseAttempts(), this.options);
    const { verdict, requirements } = conformanceOf(readRequirements(), [...outcomes.values()]);
    const { report: _report, ...run } = runDescription();
    this.log(`${JSON.stringify({ verdict, run, requirements }, null, 2)}\n`);
    await super.finished();
  }
}
