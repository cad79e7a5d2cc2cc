import { terminalProgress } from '../../support/reporting/terminal-progress';
import '../defects/provide';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { runStandalone } from '../../support/run/standalone';
import { readContractMap } from '../checks/contract-map';
import { coverageLines, coverageTable } from './coverage-lines';
import { Exploration, failureLines } from './exploration';
import { type ExploreOptions, readExploreOptions } from './options';

/**
 * `npm run explore`: generated programs against a vault, judged by what is known past it and by the ledger. Exit code 0 when no
 * promise was broken, 1 when one was, 2 when that could not be judged.
 */
async function explore(environment: Environment, options: ExploreOptions): Promise<boolean> {
  const unable = options.kill ? environment.lacks('restart') : undefined;
  if (unable !== undefined) throw new SuiteError(`--kill cannot be had: ${unable}.`);
  const alone = (options.vaults ?? 1) > 1 ? environment.lacks('settings') : undefined;
  if (alone !== undefined) throw new SuiteError(`--vaults cannot be had: ${alone}.`);
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  say(`Exploring ${environment.vault.description} with the seed ${options.seed}`);
  const exploration = new Exploration(environment, options);
  const failure = await exploration.run();
  terminalProgress('');
  if (failure !== undefined) say(`\n${failureLines(failure, options).join('\n')}\n`);
  for (const line of exploration.tally.lines()) say(line);
  const { coverage } = exploration.tally;
  const map = readContractMap();
  // A run that ended at a failure, or took few kinds of steps, was not to meet everything.
  if (failure === undefined && options.only === undefined) coverageLines(coverage, map).forEach(say);
  if (options.coverage) coverageTable(coverage, map).forEach(say);
  return failure === undefined;
}

void runStandalone(() => {
  const options = readExploreOptions(process.argv.slice(2));
  return { mode: options.mode, work: (environment) => explore(environment, options) };
});
