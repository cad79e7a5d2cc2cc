import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { safeText } from '../../support/bytes/safe-text';
import { roundText } from '../../support/programs/round-file';
import { reportsFolder } from '../../support/reporting/page-links';
import type { Failure } from './exploration';
import type { ExploreOptions } from './options';

/** Keeps the program of a failure with the reports. @returns the file, as a command names it */
export function keepFailure({ round, outcome: { lines, findings }, origin }: Failure): string {
  const [name = ''] = origin.split(',');
  const file = path.join(reportsFolder(), `program-${name.replaceAll(/\W+/g, '-')}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, roundText({ lines, findings, round }));
  return file;
}

/** Returns a failure as it is printed: the program like a scenario, what was broken, and how to see it again. */
export function failureLines(
  { outcome: { lines, findings, lastWords }, origin }: Failure,
  file: string,
  { mode }: Pick<ExploreOptions, 'mode'>,
): readonly string[] {
  return [
    `The vault broke a promise in this program (${origin}):`,
    '',
    ...lines.map((line) => `  ${line}`),
    ...findings.flatMap((finding, index) =>
      safeText(finding, { limit: 4_000, multiLine: true })
        .split('\n')
        .map((line, at) => (at === 0 ? `  ${index === 0 ? 'Then' : 'And'} ${line}` : `    ${line}`)),
    ),
    ...(lastWords.length === 0
      ? []
      : ['', '  The last that the vault wrote:', ...lastWords.map((line) => `    ${line}`)]),
    '',
    `See it again: npm run explore -- --replay ${file}${mode === 'wire' ? ' --wire' : ''}`,
  ];
}
