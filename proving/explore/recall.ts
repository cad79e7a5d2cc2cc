import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { SuiteError } from '../../support/bytes/errors';
import { count } from '../../support/bytes/safe-text';
import { publishRunContext, runContext } from '../../support/process/run-context';
import { runStandalone } from '../../support/run/standalone';
import { alterationNamed, catalogue } from '../defects/catalogue';
import type { Alteration } from '../defects/defect';
import { variations } from '../defects/variations';
import { ExploreWorkers, partsOf, workersFor } from './explore-workers';
import { type RecallOptions, readRecallOptions } from './options';

const NAME_WIDTH = 44;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** What programs found first in an altered vault. */
interface Found {
  readonly afterSeconds: number;
  /** Those that it is held against. */
  readonly requirements: readonly string[];
  /** The program and what it broke, as it is printed; only of a right vault, for there it is news. */
  readonly lines: readonly string[];
}

/**
 * `npm run recall`: in how many of some defects programs find something, scenarios left out; and in none of the
 * variations, which are right.
 * @returns whether nothing was found in a right vault
 * @throws SuiteError at the end, where some could not be judged
 */
async function recall(options: RecallOptions): Promise<boolean> {
  const { durationSeconds, seed } = options.explore;
  const tried = chosen(options);
  say(`Exploring ${count(tried.length, 'vault')}, each for ${durationSeconds} s with the seed ${seed}`);
  const found: Alteration[] = [];
  const unjudged: Alteration[] = [];
  for (const alteration of tried) {
    const requirement = 'requirement' in alteration ? String(alteration.requirement) : 'right';
    const tell = (words: string): boolean =>
      say(`${alteration.name.padEnd(NAME_WIDTH)} ${requirement.padEnd(7)} ${words}`);
    try {
      const first = await explored(alteration.name, requirement === 'right', options);
      if (first !== undefined) found.push(alteration);
      tell(first === undefined ? 'nothing' : inWords(first));
      first?.lines.forEach(say);
    } catch (error) {
      if (!(error instanceof SuiteError)) throw error;
      unjudged.push(alteration);
      tell(`could not be judged: ${error.message}`);
    }
  }
  say(`\nSomething was found in ${found.length} of ${tried.length}.`);
  if (unjudged.length > 0) throw new SuiteError(`${count(unjudged.length, 'vault')} could not be judged.`);
  return found.every((alteration) => 'requirement' in alteration);
}

function inWords({ afterSeconds, requirements }: Found): string {
  const ids = requirements.length === 0 ? '(no requirement is named)' : requirements.join(', ');
  return `after ${afterSeconds.toFixed(1)} s ${ids}`;
}

function chosen({ defects, only, explore }: RecallOptions): readonly Alteration[] {
  if (only !== undefined) return only.map(alterationNamed);
  if (defects === 0) return variations;
  const size = Math.min(defects, catalogue.length);
  const some = fc.shuffledSubarray([...catalogue], { minLength: size, maxLength: size });
  return fc.sample(some, { seed: explore.seed, numRuns: 1 })[0] ?? [];
}

/** Explores one altered vault, until something is found or the time is over. */
async function explored(
  name: string,
  isRight: boolean,
  { explore }: RecallOptions,
): Promise<Found | undefined> {
  const startMs = performance.now();
  let found: (requirements: readonly string[]) => void = () => undefined;
  const broken = new Promise<readonly string[]>((resolve) => {
    found = resolve;
  });
  const variables: Record<string, string> = {};
  publishRunContext({ ...runContext(), runId: randomBytes(3).toString('hex'), defect: name }, variables);
  const workers = new ExploreWorkers(explore, partsOf(workersFor(explore)), (ids) => found(ids), variables);
  const ended = workers.failures();
  ended.catch(() => undefined);
  try {
    const requirements = await Promise.race([broken, ended.then(() => undefined)]);
    if (requirements === undefined) return undefined;
    const afterSeconds = (performance.now() - startMs) / 1_000;
    workers.stop();
    // What is found of a defect need not be told in few steps.
    return { afterSeconds, requirements, lines: isRight ? (await ended).flat() : [] };
  } finally {
    await workers.end();
  }
}

void runStandalone(() => {
  const options = readRecallOptions(process.argv.slice(2));
  return { mode: 'embedded', work: () => recall(options) };
});
