import { terminalProgress } from '../../support/reporting/terminal-progress';
import '../defects/provide';
import { SuiteError } from '../../support/bytes/errors';
import { count } from '../../support/bytes/safe-text';
import type { Environment } from '../../support/environments/environment';
import { Tally } from '../../support/programs/tally';
import { runStandalone } from '../../support/run/standalone';
import { readContractMap } from '../checks/contract-map';
import { coverageLines, coverageTable } from './coverage-lines';
import { Exploration } from './exploration';
import { failureLines, keepFailure } from './failure';
import { type ExploreOptions, readExploreOptions } from './options';
import { replay } from './replay';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run explore`: generated programs against a vault, judged by what is known past it and by the ledger. Exit
 * code 0 when no promise was broken, 1 when one was, 2 when that could not be judged.
 */
async function explore(environment: Environment, options: ExploreOptions): Promise<boolean> {
  const unable = options.kill ? environment.lacks('restart') : undefined;
  if (unable !== undefined) throw new SuiteError(`--kill cannot be had: ${unable}.`);
  const alone = (options.vaults ?? 1) > 1 ? environment.lacks('settings') : undefined;
  if (alone !== undefined) throw new SuiteError(`--vaults cannot be had: ${alone}.`);
  say(`Exploring ${environment.vault.description} with the seed ${options.seed}`);
  const exploration = new Exploration(environment, options);
  const failure = await exploration.run();
  terminalProgress('');
  if (failure !== undefined) {
    say(`\n${failureLines(failure, keepFailure(failure), options).join('\n')}\n`);
  }
  for (const line of exploration.tally.lines()) say(line);
  const { coverage } = exploration.tally;
  const map = readContractMap();
  // A run that ended at a failure, or took few kinds of steps, was not to meet everything.
  if (failure === undefined && options.only === undefined) coverageLines(coverage, map).forEach(say);
  if (options.coverage) coverageTable(coverage, map).forEach(say);
  return failure === undefined;
}

/** `npm run explore -- --replay`: kept programs once more. */
async function again(place: string, environment: Environment, options: ExploreOptions): Promise<boolean> {
  say(`Replaying ${place} on ${environment.vault.description}`);
  const tally = new Tally();
  const failures = await replay(place, environment, tally);
  for (const failure of failures) say(`\n${failureLines(failure, failure.file, options).join('\n')}\n`);
  say(`${count(tally.programs, 'program')} replayed, ${failures.length} broke a promise`);
  return failures.length === 0;
}

void runStandalone(() => {
  const options = readExploreOptions(process.argv.slice(2));
  const { mode, replay: place } = options;
  return {
    mode,
    work: (environment) =>
      place === undefined ? explore(environment, options) : again(place, environment, options),
  };
});
