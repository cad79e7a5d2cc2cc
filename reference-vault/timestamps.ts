/** A moment, independent of how it was written. */
export interface Instant {
  /**
   * UTC with every given fractional digit and no trailing zeros, e.g. `2026-01-01T12:00:00.123456789`: equal
   * for equal instants, and string order is time order, far beyond the millisecond at which a Date ends.
   */
  readonly utc: string;
  /** The same to nine decimals of a second, which decide the order in the search (contract section 1). */
  readonly sortKey: string;
  /** The UTC day as a path, e.g. `2026/01/31`. */
  readonly dayPath: string;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Reads an RFC 3339 timestamp with any offset, as providers write them (contract section 2). Answers
 * undefined for anything else: days that no calendar has, leap seconds where none can be, years outside 0000
 * to 9999 UTC.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [fraction = '', sign = '+', offsetHour = '00', offsetMinute = '00'] = match.slice(7);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;

  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day) return undefined;
  const offsetMinutes = Number(`${sign}1`) * (Number(offsetHour) * 60 + Number(offsetMinute));
  utc.setUTCHours(hour, minute - offsetMinutes, Math.min(second, 59));

  const date = utc.toISOString();
  if (!/^\d{4}-/.test(date)) return undefined;
  if (second === 60 && !endsTheMonth(utc)) return undefined;
  // A leap second keeps its own name, 23:59:60: it sorts after :59.999 and before the next day, which no Date
  // can express.
  const seconds = second === 60 ? '60' : date.slice(17, 19);
  const to = (decimals: number): string =>
    `${date.slice(0, 17)}${seconds}.${fraction.slice(0, decimals)}`.replace(/\.?0*$/, '');
  return {
    utc: to(fraction.length),
    sortKey: to(9),
    dayPath: date.slice(0, 10).replaceAll('-', '/'),
  };
}

/**
 * Reads a request's timestamp: like {@link parseInstant}, but only `Z` and `+00:00` are UTC enough (contract
 * section 1).
 */
export function parseUtcInstant(text: string): Instant | undefined {
  return /(?:[Zz]|\+00:00)$/.test(text) ? parseInstant(text) : undefined;
}

function endsTheMonth(utc: Date): boolean {
  const nextSecond = new Date(utc.getTime() + 1000);
  return nextSecond.getUTCDate() === 1 && nextSecond.getUTCHours() === 0 && nextSecond.getUTCMinutes() === 0;
}
