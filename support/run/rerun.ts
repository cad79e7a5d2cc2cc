import { SuiteError } from '../bytes/errors';
import { CANNOT_JUDGE } from '../process/run-guard';
import { lastFailures } from '../reporting/last-failures';
import { reportsFolder } from '../reporting/page-links';
import { launch } from './launch';

/** `npm run bdd:rerun`: what failed or could not be judged in the last run, again, and nothing else. */
function main(): void {
  try {
    const { places, wasOnTheWire, seed } = lastFailures(reportsFolder());
    if (places.length === 0) {
      process.stdout.write('Nothing failed in the last run, so there is nothing to run again.\n');
      return;
    }
    const profile = wasOnTheWire ? ['--profile', 'wire'] : [];
    if (seed !== undefined) process.env.AUDIT_VAULT_SEED ??= seed;
    void launch([...profile, ...process.argv.slice(2), ...places]);
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = CANNOT_JUDGE;
  }
}

main();
