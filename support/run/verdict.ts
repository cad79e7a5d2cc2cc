import { CANNOT_JUDGE } from '../process/run-guard';
import type { Conclusion } from '../reporting/run-result';

/**
 * The exit code of a run that ended so: 0 all that was asserted held, 1 the vault broke a promise, 2 the
 * suite could not judge, for example because nothing but skipped scenarios was left; 1 wins over 2.
 */
export function exitCodeOf({ end }: Conclusion): number {
  return { held: 0, broken: 1, 'not judged': CANNOT_JUDGE }[end];
}
