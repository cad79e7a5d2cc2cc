import { Formatter } from '@cucumber/cucumber';
import { ConsoleReport } from './console';

/** Lets Cucumber say when the console's summary is to be printed: last. */
export class ConsoleFormatter extends Formatter {
  private readonly report = ConsoleReport.open();

  override async finished(): Promise<void> {
    this.report.finish();
    await super.finished();
  }
}
