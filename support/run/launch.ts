import { availableParallelism } from 'node:os';
import path from 'node:path';
import { SuiteError } from '../bytes/errors';
import { CANNOT_JUDGE } from '../process/run-guard';
import { runArguments } from './arguments';
import { WORKER_FLAGS } from './worker-flags';

/** Cucumber's command; the package exports its code, and not the command. */
const COMMAND = path.join(
  path.dirname(require.resolve('@cucumber/cucumber/package.json')),
  'bin',
  'cucumber.js',
);

/** Runs Cucumber in this process, as its own command would. */
export function launch(args: readonly string[]): void {
  try {
    const { cucumber, environment } = runArguments(args, {
      cores: availableParallelism(),
      startsVault: (process.env.VAULT_COMMAND ?? '') !== '',
    });
    Object.assign(process.env, environment);
    process.argv = [process.execPath, COMMAND, ...cucumber];
    // Cucumber forks its workers, which inherit these.
    process.execArgv.push(...WORKER_FLAGS);
    require(COMMAND);
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`The suite could not judge: ${error.message}\n`);
    process.exitCode = CANNOT_JUDGE;
  }
}
