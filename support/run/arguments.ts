import { SuiteError } from '../errors';
import { KNOWN_FAILURES_VARIABLE } from '../reporting/known-failures';

/** What is to run: Cucumber's own arguments, and what the suite's arguments say, as variables. */
export interface RunArguments {
  readonly cucumber: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Takes the suite's own arguments, which Cucumber would refuse, out of a command line: `--quiet`, `--known-failures FILE`.
 * @throws SuiteError when a file is not named
 */
export function runArguments(args: readonly string[]): RunArguments {
  const cucumber: string[] = [];
  const environment: Record<string, string> = {};
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name, value] = arg.split(/=(.*)/s);
    if (name === '--quiet') environment.AUDIT_VAULT_QUIET = '1';
    else if (name === '--known-failures') {
      environment[KNOWN_FAILURES_VARIABLE] = fileOf(value ?? rest.shift());
    } else cucumber.push(arg);
  }
  return { cucumber, environment };
}

function fileOf(value: string | undefined): string {
  if (value === undefined || value === '' || value.startsWith('-')) {
    throw new SuiteError('--known-failures names no file: give it one, as in --known-failures known.yaml.');
  }
  return value;
}
