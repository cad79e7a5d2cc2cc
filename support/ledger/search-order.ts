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
      (one, other) =>
        one.instant.second - other.instant.second ||
        compare(one.instant.fraction, other.instant.fraction) ||
        compare(one.log.logId, other.log.logId),
    )
    .map(({ log }) => log);
}

/** A Date ends at the millisecond, the order at the nanosecond: the fraction is compared digit by digit. */
function instantOf(timestamp: string): { readonly second: number; readonly fraction: string } {
  const [, fraction = ''] = /\.(\d+)/.exec(timestamp) ?? [];
  return {
    second: Date.parse(timestamp.replace(/\.\d+/, '')),
    fraction: fraction.slice(0, 9).replace(/0+$/, ''),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
