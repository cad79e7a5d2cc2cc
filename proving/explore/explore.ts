import { terminalProgress } from '../../support/reporting/terminal-progress';
import '../defects/provide';
import { SuiteError } from '../../support/bytes/errors';
import { count } from '../../support/bytes/safe-text';
import type { Environment } from '../../support/environments/environment';
import { Tally } from '../../support/programs/tally';
import { runStandalone } from '../../support/run/standalone';
import { readContractMap } from '../checks/contract-map';
import { coverageLines, coverageTable } from './coverage-lines';
import { Exploration, type Failure } from './exploration';
import { ExploreWorkers, partsOf, workersFor } from './explore-workers';
import { failureLines, keepFailure } from './failure';
import { type ExploreOptions, readExploreOptions } from './options';
import { replay } from './replay';

const TOLD_EVERY_MS = 250;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run explore`: generated programs against vaults, each in a process of its own, judged by what is known past
 * them and by the ledger. Exit code 0 when no promise was broken, 1 when one was, 2 when that could not be judged.
 */
async function explore(environment: Environment, options: ExploreOptions): Promise<boolean> {
  const unable = options.kill ? environment.lacks('restart') : undefined;
  if (unable !== undefined) throw new SuiteError(`--kill cannot be had: ${unable}.`);
  const alone = environment.lacks('settings');
  if (alone !== undefined && (options.vaults ?? 1) > 1)
    throw new SuiteError(`--vaults cannot be had: ${alone}.`);
  if (alone !== undefined && (options.workers ?? 1) > 1)
    throw new SuiteError(`--workers cannot be had: ${alone}.`);
  const workers = alone === undefined ? workersFor(options) : 1;
  const together = workers > 1 ? `, ${workers} processes at once` : '';
  say(`Exploring ${environment.vault.description} with the seed ${options.seed}${together}`);
  let isBroken = false;
  const [first, ...rest] = partsOf(workers);
  const others = new ExploreWorkers(options, rest, () => broken());
  const own = new Exploration(environment, options, first, () => broken());
  const broken = (): void => {
    isBroken = true;
    own.stop();
    others.stop();
  };
  const total = (): Tally => {
    const tally = new Tally(own.tally.startMs);
    for (const counts of [own.tally.counts(), ...others.counts]) tally.add(counts);
    return tally;
  };
  const telling = setInterval(
    () => terminalProgress(progressLine(total(), options, isBroken)),
    TOLD_EVERY_MS,
  );
  const ended = await Promise.allSettled([linesOf(own.run(), options), others.failures()]);
  clearInterval(telling);
  terminalProgress('');
  const failures = ended.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
  for (const lines of failures) say(`\n${lines.join('\n')}\n`);
  const failed = ended.find((end) => end.status === 'rejected');
  if (failures.length === 0 && failed !== undefined) throw failed.reason;
  const tally = total();
  for (const line of tally.lines()) say(line);
  const map = readContractMap();
  // A run that ended at a failure, or took few kinds of steps, was not to meet everything.
  if (failures.length === 0 && options.only === undefined) coverageLines(tally.coverage, map).forEach(say);
  if (options.coverage) coverageTable(tally.coverage, map).forEach(say);
  return failures.length === 0;
}

async function linesOf(
  exploring: Promise<Failure | undefined>,
  options: ExploreOptions,
): Promise<readonly (readonly string[])[]> {
  const failure = await exploring;
  return failure === undefined ? [] : [failureLines(failure, keepFailure(failure), options)];
}

function progressLine(
  { programs, seconds }: Tally,
  { runs, durationSeconds }: ExploreOptions,
  isBroken: boolean,
): string {
  if (isBroken) return 'explore: a promise was broken; looking for a shorter program';
  const rate = programs / seconds;
  const left = durationSeconds === undefined ? (runs - programs) / rate : durationSeconds - seconds;
  const whole = durationSeconds === undefined ? ` of ${runs}` : '';
  return `explore: ${programs}${whole} programs, ${rate.toFixed(1)}/s, ${Number.isFinite(left) ? `${Math.max(0, Math.ceil(left))} s left` : ''}`;
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
