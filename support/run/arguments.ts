import { existsSync } from 'node:fs';
import { SuiteError } from '../bytes/errors';
import { KNOWN_FAILURES_VARIABLE } from '../reporting/known-failures';

/** The run that was asked for: Cucumber's own arguments, and the suite's as variables. */
export interface RunArguments {
  readonly cucumber: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** More workers than this want more memory than they save time. */
const MOST_WORKERS = 4;
/** Whoever says one of these runs a part, or says already how. */
const CHOICES = /^(--(tags|name|parallel|shard|dry-run|config|fail-fast|exit|force-exit)(=|$)|-[tnc])/;

/** The tag of the scenarios in which chance draws what happens. */
const PROGRAMS = '@programs';

/** Where the arguments are followed. */
export interface RunSurroundings {
  /** The number of processors. */
  readonly cores: number;
  /** True where the suite starts the vault itself (VAULT_COMMAND), so that each worker can have one. */
  readonly startsVault: boolean;
}

/**
 * Takes the suite's own arguments, which Cucumber would refuse, out of a command line: `--quiet`,
 * `--known-failures FILE`, `--seed NUMBER`, `--no-explore`. A run of everything is shared out among workers where each can have a vault; a
 * part would be over before they had started.
 * @throws SuiteError when a file or a seed is not named
 */
export function runArguments(args: readonly string[], { cores, startsVault }: RunSurroundings): RunArguments {
  const cucumber: string[] = [];
  const environment: Record<string, string> = {};
  const rest = [...args];
  let explores = true;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name, value] = arg.split(/=(.*)/s);
    if (name === '--quiet') environment.AUDIT_VAULT_QUIET = '1';
    else if (name === '--known-failures') {
      environment[KNOWN_FAILURES_VARIABLE] = fileOf(value ?? rest.shift());
    } else if (name === '--seed') environment.AUDIT_VAULT_SEED = seedOf(value ?? rest.shift());
    else if (name === '--no-explore') explores = false;
    else cucumber.push(arg);
  }
  const hasVaults = startsVault || !/ (--profile|-p)[= ]?wire /.test(` ${args.join(' ')} `);
  if (cores > 1 && hasVaults && !cucumber.some(isChoice)) {
    // One more than there are processors, for scenarios wait now and then.
    cucumber.push('--parallel', String(Math.min(cores + 1, MOST_WORKERS)));
  }
  if (!explores) cucumber.push('--tags', `not ${PROGRAMS}`);
  return { cucumber, environment };
}

function seedOf(value: string | undefined): string {
  if (value === undefined || !/^\d+$/.test(value)) {
    throw new SuiteError('--seed names no seed: give it a whole number, as in --seed 20260131.');
  }
  return value;
}

function isChoice(argument: string): boolean {
  return CHOICES.test(argument) || existsSync(argument.replace(/(:\d+)+$/, ''));
}

function fileOf(value: string | undefined): string {
  if (value === undefined || value === '' || value.startsWith('-')) {
    throw new SuiteError('--known-failures names no file: give it one, as in --known-failures known.yaml.');
  }
  return value;
}
