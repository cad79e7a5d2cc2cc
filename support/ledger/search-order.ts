import { compareInstants, instantOf } from '../bytes/instant';

/**
 * Orders logs as a search does: by the instant of the timestamp, to nine decimals of a second, then by id (contract,
 * section 1).
 */
export interface Placed {
  readonly logId: string;
  /** RFC 3339, any offset, any precision. */
  readonly timestamp: string;
}

/** The logs as the search has to show them. */
export function inSearchOrder<T extends Placed>(logs: readonly T[]): readonly T[] {
  return logs
    .map((log) => ({ log, instant: instantOf(log.timestamp) }))
    .sort(
      (one, other) => compareInstants(one.instant, other.instant) || compare(one.log.logId, other.log.logId),
    )
    .map(({ log }) => log);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
