import { compareInstants, instantOf } from '../bytes/instant';

/**
 * Orders logs as a search does: by the instant of the timestamp, to nine decimals of a second, then by id (contract,
 * section 1).
 */
export interface Placed {
  readonly logId: string;
  /** Its id where ids are numbers: they are ordered as such, not as their texts. */
  readonly idNumber?: number;
  /** RFC 3339, any offset, any precision. */
  readonly timestamp: string;
}

/** The logs as the search has to show them. */
export function inSearchOrder<T extends Placed>(logs: readonly T[]): readonly T[] {
  return logs
    .map((log) => ({ log, instant: instantOf(log.timestamp) }))
    .sort((one, other) => compareInstants(one.instant, other.instant) || compareIds(one.log, other.log))
    .map(({ log }) => log);
}

function compareIds(one: Placed, other: Placed): number {
  const areNumbers = one.idNumber !== undefined && other.idNumber !== undefined;
  // Beyond what a double can tell apart numbers have as many digits as one another.
  return (areNumbers ? one.idNumber - other.idNumber : 0) || compare(one.logId, other.logId);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
