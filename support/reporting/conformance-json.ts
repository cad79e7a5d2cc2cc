import { Formatter } from '@cucumber/cucumber';
import { conformanceOf } from './conformance';
import { readRequirements } from './requirements';
import { runDescription } from './run-description';
import { type RunResult, runResultOf } from './run-result';

/** `reports/conformance.json`: the verdict on the vault and on each requirement, for a CI to gate on. */
export class ConformanceJson extends Formatter {
  private readonly result: RunResult;

  constructor(options: ConstructorParameters<typeof Formatter>[0]) {
    super(options);
    this.result = runResultOf(options.eventBroadcaster);
  }

  override async finished(): Promise<void> {
    const conformance = conformanceOf(readRequirements(), this.result.scenarios(), this.result.conclusion());
    const { verdict, reason, requirements } = conformance;
    const { report: _report, ...run } = runDescription();
    this.log(`${JSON.stringify({ verdict, reason, run, requirements }, null, 2)}\n`);
    await super.finished();
  }
}
