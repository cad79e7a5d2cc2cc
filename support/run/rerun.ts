import { SuiteError } from '../errors';
import { reportsFolder } from '../reporting/page-links';
import { lastFailures } from './last-failures';
import { launch } from './launch';
import { CANNOT_JUDGE } from './run-guard';

/** `npm run bdd:rerun`: what failed or could not be judged in the last run, again, and nothing else. */
function main(): void {
  try {
    const { places, wasOnTheWire } = lastFailures(reportsFolder());
    if (places.length === 0) {
      process.stdout.write('Nothing failed in the last run, so there is nothing to run again.\n');
      return;
    }
    const profile = wasOnTheWire ? ['--profile', 'wire'] : [];
    launch([...profile, ...process.argv.slice(2), ...places]);
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = CANNOT_JUDGE;
  }
}

main();
