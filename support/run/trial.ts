import type { TimeRange } from '../../services/ingestion-service';
import { SuiteError } from '../bytes/errors';

/** The provider whose logs a profile is tried with. */
export const TRIED_PROVIDER = 'okta_system_log';

/** A range that has a log of this timestamp in it, or those of two, and none of another second. */
export function rangeOf(first: string, last = first): TimeRange {
  return { start: first, end: new Date(Date.parse(last) + 1).toISOString() };
}

/** Whether something is as a profile says, and what was seen. */
export interface Seen {
  readonly isRight: boolean;
  readonly words: string;
}

/** Looks at what a profile says; a vault that does not answer or end its job has not what is looked for. */
export async function look(
  what: string,
  at: () => Promise<Seen | readonly Seen[]>,
): Promise<readonly Seen[]> {
  try {
    return [await at()].flat();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof SuiteError) throw error;
    return [{ isRight: false, words: `${what}: ${error.message}` }];
  }
}
