import { randomInt } from 'node:crypto';
import { SuiteError } from '../../support/bytes/errors';

/** The options of `npm run steady`. */
export interface SteadyOptions {
  readonly runs: number;
  /** The seed of the first run; each next run has the one after it. */
  readonly seed: number;
  readonly mode: 'embedded' | 'wire';
  /** The arguments that go to Cucumber as it is. */
  readonly cucumber: readonly string[];
}

const SEEDS = 2 ** 31;
const MOST_RUNS = 100_000;
const USUAL_RUNS = 10;
const USAGE = 'Options: --runs number, --seed number, --wire; everything else goes to Cucumber.';

/** Reads the command line. @throws SuiteError that says what there is */
export function readSteadyOptions(args: readonly string[]): SteadyOptions {
  let runs = USUAL_RUNS;
  let seed = randomInt(SEEDS);
  let mode: SteadyOptions['mode'] = 'embedded';
  const cucumber: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = '', value] = arg.split(/=(.*)/s);
    if (name === '--wire') mode = 'wire';
    else if (name === '--runs') runs = wholeNumber(name, value ?? rest.shift(), 1, MOST_RUNS);
    else if (name === '--seed') seed = wholeNumber(name, value ?? rest.shift(), 0, SEEDS - 1);
    else if (name === '--order' || name === '--profile' || name === '-p') {
      throw new SuiteError(
        `${name} is not yours to say here: the order is random, --wire is the profile. ${USAGE}`,
      );
    } else cucumber.push(arg);
  }
  return { runs, seed, mode, cucumber };
}

/** The seed of a run. @param number from 1 */
export function seedOf({ seed }: Pick<SteadyOptions, 'seed'>, number: number): number {
  return (seed + number - 1) % SEEDS;
}

function wholeNumber(name: string, text: string | undefined, from: number, to: number): number {
  const number = Number(text);
  if (text !== undefined && /^\d{1,15}$/.test(text) && number >= from && number <= to) return number;
  throw new SuiteError(`${name} needs a whole number from ${from} to ${to}, not "${text ?? ''}". ${USAGE}`);
}
