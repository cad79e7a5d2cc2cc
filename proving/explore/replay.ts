import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { type KeptRound, readRound } from '../../support/programs/round-file';
import { runRound } from '../../support/programs/run-round';
import { STEP_KINDS } from '../../support/programs/step-kinds';
import type { Tally } from '../../support/programs/tally';
import type { Failure } from './exploration';

interface KeptFile extends KeptRound {
  readonly file: string;
}

/**
 * Runs kept programs again, as they are.
 * @param place a file, or a folder of them
 * @returns those that broke a promise
 * @throws SuiteError for a file that is none, or one with a step that the vault cannot be put through
 */
export async function replay(
  place: string,
  environment: Environment,
  tally: Tally,
): Promise<readonly (Failure & { readonly file: string })[]> {
  const failures: (Failure & { readonly file: string })[] = [];
  for (const { file, round } of keptIn(place)) {
    const unable = environment.lacks('restart');
    const kills = round.programs.flat().some(({ kind }) => STEP_KINDS[kind]?.when.includes('killed'));
    if (kills && unable !== undefined) throw new SuiteError(`${file} kills the vault: ${unable}.`);
    const outcome = await runRound(round, environment, tally);
    if (outcome.findings.length > 0) failures.push({ round, outcome, origin: file, file });
  }
  return failures;
}

function keptIn(place: string): readonly KeptFile[] {
  const files = statSync(place, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(place)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => path.join(place, name))
    : [place];
  if (files.length === 0)
    throw new SuiteError(`There is no program in ${place}: name a file that explore wrote.`);
  return files.map((file) => ({ file, ...readRound(file) }));
}
