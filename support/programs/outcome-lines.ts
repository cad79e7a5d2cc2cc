import { safeText } from '../bytes/safe-text';
import type { Outcome } from './run-round';

const QUOTED_CHARACTERS = 4_000;

/** Returns a round that broke a promise as a scenario would be written, with what was found wrong and what the vault wrote last. */
export function outcomeLines({ lines, findings, lastWords }: Outcome): readonly string[] {
  return [
    ...lines,
    ...findings.flatMap((finding, index) =>
      safeText(finding, { limit: QUOTED_CHARACTERS, multiLine: true })
        .split('\n')
        .map((line, at) => (at === 0 ? `${index === 0 ? 'Then' : 'And'} ${line}` : `  ${line}`)),
    ),
    ...(lastWords.length === 0
      ? []
      : ['', 'The last that the vault wrote:', ...lastWords.map((line) => `  ${line}`)]),
  ];
}
