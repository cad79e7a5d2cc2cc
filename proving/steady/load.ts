import { parseArgs } from 'node:util';
import type { Environment } from '../../support/environments/environment';
import { runStandalone } from '../../support/run/standalone';
import { Exploration } from '../explore/exploration';
import { failureLines, keepFailure } from '../explore/failure';
import { readExploreOptions } from '../explore/options';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run load`: generated programs, so many at once (`--concurrency`), against so many vaults on the same
 * stores (`--vaults`); how long answers took, which share was refused, and how much was done. Promises are
 * judged as `npm run explore` does.
 */
async function measure(environment: Environment, args: readonly string[]): Promise<boolean> {
  const options = readExploreOptions(args);
  const { vaults = 1, concurrency } = options;
  const missing = vaults > 1 ? environment.lacks('mongod') : undefined;
  if (missing !== undefined) {
    say(`${vaults} vaults are left out: ${missing}`);
    return true;
  }
  const exploration = new Exploration(environment, options);
  const failure = await exploration.run();
  say(`${vaults === 1 ? 'one vault' : `${vaults} vaults`}, ${concurrency} programs at once:`);
  const { tally } = exploration;
  for (const line of [...tally.lines(), ...tally.latencyLines()]) say(`  ${line}`);
  if (failure !== undefined)
    for (const line of failureLines(failure, keepFailure(failure), options)) say(`  ${line}`);
  return failure === undefined;
}

void runStandalone(() => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      concurrency: { type: 'string', default: '8' },
      vaults: { type: 'string', default: '1' },
      wire: { type: 'boolean', default: false },
    },
  });
  const { seconds, concurrency, vaults, wire } = values;
  const args = ['--seed', '1', '--duration', seconds, '--concurrency', concurrency, '--vaults', vaults];
  return {
    mode: wire ? 'wire' : 'embedded',
    work: (environment) => measure(environment, [...args, ...(wire ? ['--wire'] : [])]),
  };
});
