import type { World } from '@cucumber/cucumber';
import fc from 'fast-check';
import type { Environment } from '../environments/environment';
import { attachmentOf } from '../reporting/broken-requirements';
import { outcomeLines } from './outcome-lines';
import { type Round, type RoundOptions, rounds } from './program';
import { keepRound } from './round-file';
import { runRound } from './run-round';
import { shortened } from './shortened';
import { Tally } from './tally';

/** For so long a run looks for a shorter program, in milliseconds. */
const SHORTENING_MS = 5_000;

interface DrawnRound {
  readonly environment: Environment;
  readonly attach: World['attach'];
  /** Which of the seed's rounds, from 1. */
  readonly number: number;
  /** How many programs run at once. */
  readonly clients: number;
}

/** Programs that chance drew found a promise broken. */
class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';
}

/**
 * Runs one of the rounds that the run's seed draws. Where it breaks a promise it says of which requirement, and keeps the round
 * with the reports, shorter where a shorter one breaks a promise too.
 * @throws BrokenPromiseError that says what was found and how to see it again, and tells the round like a scenario
 * @throws SuiteError
 */
export async function keepPromisesInRound({
  environment,
  attach,
  number,
  clients,
}: DrawnRound): Promise<void> {
  const { seed, health } = environment;
  const kill = environment.lacks('restart') === undefined;
  const options = { concurrency: clients, kill, vaults: undefined, only: undefined, hasMinutes: false };
  const round = roundsOf(seed, number, options).at(-1);
  if (round === undefined) throw new Error('a seed has a round of each number from 1');
  const run = (tried: Round) => runRound(tried, environment, new Tally());
  const outcome = await run(round);
  if (outcome.findings.length === 0) return;
  const untilMs = performance.now() + SHORTENING_MS;
  const isOver = (): boolean => performance.now() > untilMs || health.givenUp !== undefined;
  const shortest = await shortened({ round, outcome }, run, isOver);
  const { lines, findings, broken } = shortest.outcome;
  const { mediaType, body } = attachmentOf(broken);
  attach(body, mediaType);
  const kept = keepRound(`${seed}-${number}`, { lines, findings, round: shortest.round });
  const flag = environment.lacks('embedded') === undefined ? '' : ' --wire';
  throw new BrokenPromiseError(
    [
      ...findings,
      `See it again: npm run explore -- --replay ${kept}${flag}`,
      '',
      ...outcomeLines({ ...shortest.outcome, findings: [] }),
    ].join('\n'),
  );
}

/** Returns the first rounds of a seed: the same for the same options. */
export function roundsOf(seed: number, count: number, options: RoundOptions): readonly Round[] {
  const drawn: Round[] = [];
  // fc.sample would give others.
  fc.check(
    fc.property(rounds(options), (round) => void drawn.push(round)),
    { seed, numRuns: count },
  );
  return drawn;
}
