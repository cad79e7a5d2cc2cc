import { outcomeLines } from '../../support/programs/outcome-lines';
import { keepRound } from '../../support/programs/round-file';
import type { Failure } from './exploration';
import type { ExploreOptions } from './options';

/** Keeps the program of a failure with the reports. @returns the file, as a command names it */
export function keepFailure({ round, outcome: { lines, findings }, origin }: Failure): string {
  const [name = ''] = origin.split(',');
  return keepRound(name.replaceAll(/\W+/g, '-'), { lines, findings, round });
}

/** Returns a failure as it is printed: the program like a scenario, what was broken, and how to see it again. */
export function failureLines(
  { outcome, origin }: Failure,
  file: string,
  { mode }: Pick<ExploreOptions, 'mode'>,
): readonly string[] {
  return [
    `The vault broke a promise in this program (${origin}):`,
    '',
    ...outcomeLines(outcome).map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    `See it again: npm run explore -- --replay ${file}${mode === 'wire' ? ' --wire' : ''}`,
  ];
}
