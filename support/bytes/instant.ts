/** A moment, to nine decimals of a second, in which it can be compared (contract, section 1). */
export interface Instant {
  /** Whole seconds since 1970, in milliseconds; NaN for a text that is no timestamp. */
  readonly secondMs: number;
  /** What is more than the whole second. */
  readonly nanoseconds: number;
}

/** A time from its start, inclusive, to its end, exclusive. */
export interface InstantRange {
  readonly start: Instant;
  readonly end: Instant;
}

/** Reads an RFC 3339 timestamp of any offset and precision: a Date would end at the millisecond. */
export function instantOf(timestamp: string): Instant {
  const [, fraction = ''] = /\.(\d+)/.exec(timestamp) ?? [];
  return {
    secondMs: Date.parse(timestamp.replace(/\.\d+/, '')),
    nanoseconds: Number(fraction.slice(0, 9).padEnd(9, '0')),
  };
}

/**
 * Returns the whole millisecond in which a timestamp lies, since 1970; NaN for a text that is none. Date.parse
 * reads another one where there are more than nine decimals.
 */
export function millisecondOf(timestamp: string): number {
  const { secondMs, nanoseconds } = instantOf(timestamp);
  return secondMs + Math.floor(nanoseconds / 1e6);
}

/** Writes an instant, so many nanoseconds later, in UTC and as shortly as can be. */
export function instantText({ secondMs, nanoseconds }: Instant, plusNanoseconds = 0): string {
  const all = nanoseconds + plusNanoseconds;
  const seconds = Math.floor(all / 1e9);
  const fraction = String(all - seconds * 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const whole = new Date(secondMs + seconds * 1_000).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Reads a range as a request or a call for a listing writes it. */
export function instantRangeOf({
  start,
  end,
}: {
  readonly start: string;
  readonly end: string;
}): InstantRange {
  return { start: instantOf(start), end: instantOf(end) };
}

/** Below 0 where the one is before the other, 0 where they are the same, above 0 otherwise. */
export function compareInstants(one: Instant, other: Instant): number {
  return one.secondMs - other.secondMs || one.nanoseconds - other.nanoseconds;
}

/** Whether a moment is in a range. */
export function isWithin(instant: Instant, { start, end }: InstantRange): boolean {
  return compareInstants(instant, start) >= 0 && compareInstants(instant, end) < 0;
}

/** Whether a range is in another one, or the same. */
export function liesIn(range: InstantRange, whole: InstantRange): boolean {
  return compareInstants(range.start, whole.start) >= 0 && compareInstants(range.end, whole.end) <= 0;
}

/** Whether two ranges are the same, however they are written. */
export function isSameRange(one: InstantRange, other: InstantRange): boolean {
  return compareInstants(one.start, other.start) === 0 && compareInstants(one.end, other.end) === 0;
}

/** Whether two ranges have a moment in common. */
export function doOverlap(one: InstantRange, other: InstantRange): boolean {
  return compareInstants(one.start, other.end) < 0 && compareInstants(other.start, one.end) < 0;
}
