import type { RunResult } from './run-result';

/**
 * `reports/rerun.txt`: where the scenarios are that failed, could not be judged or did not run, one a line,
 * for `npm run bdd:rerun`. Cucumber's own list would name the skipped ones too. A line feed says that there
 * are none; a run that could not be judged and names none leaves nothing, for nothing is known then.
 */
export function rerunList(result: RunResult): string {
  const places = result
    .scenarios()
    .filter(({ status }) => status === 'failed' || status === 'error' || status === 'not-run')
    .map(({ location }) => location);
  if (places.length === 0 && result.conclusion().end === 'not judged') return '';
  return `${places.join('\n')}\n`;
}
