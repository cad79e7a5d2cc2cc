import fc from 'fast-check';
import { zonedTime } from '../scenario/zoned-time';

/** Timestamps as providers write them: RFC 3339 of any offset, precision and century (contract, section 2). */

/** How a moment is written, and for a log of another time, when that was. */
export interface Stamp {
  /** Digits after the second; none where empty. */
  readonly fraction: string;
  readonly zone: string;
  /** The day and the second of the day, in UTC; that of the log's place in the program when absent. */
  readonly elsewhere: { readonly day: string; readonly second: number } | undefined;
}

const digits = fc.string({
  unit: fc.constantFrom(...'0123456789'),
  minLength: 1,
  maxLength: 12,
  size: 'max',
});

const fractions = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...'0 5 000 100 1 10 01 001 999 000001 000000001 000000002 123456789 12345678 999999999'.split(' '),
      ...'0000000001 9999999999 123456789012'.split(' '),
    ),
  },
  { weight: 2, arbitrary: digits },
);

const two = (number: number): string => String(number).padStart(2, '0');

/** Offsets up to those that a day has anywhere, and what is written for none. */
const zones = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('Z', 'Z', '+00:00', '-00:00') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('-05:00', '+01:00', '+05:30', '+05:45', '-03:30', '+14:00', '-12:00'),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('+', '-'), fc.nat({ max: 23 }), fc.nat({ max: 59 }))
      .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`),
  },
);

const years = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1969, max: 2040 }) },
  { weight: 1, arbitrary: fc.constantFrom(1900, 1999, 2000, 2100, 1582, 9998, 1000, 2) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 9998 }) },
);

const DAY_MS = 86_400_000;

/** Days that calendars disagree about come often. */
const days = fc
  .tuple(years, fc.oneof(fc.constantFrom(0, 58, 59, 60, 364, 365), fc.nat({ max: 365 })))
  .map(([year, day]) => {
    const first = new Date(0).setUTCFullYear(year, 0, 1);
    return new Date(first + day * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
  })
  .filter((day) => /^\d{4}-/.test(day));

const seconds = fc.oneof(fc.constantFrom(0, 1, 43_200, 86_399), fc.nat({ max: 86_399 }));

/** Any way to write a moment, near or far. */
export const stamps: fc.Arbitrary<Stamp> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ fraction: '', zone: 'Z', elsewhere: undefined }) },
  {
    weight: 3,
    arbitrary: fc.record({
      fraction: fractions,
      zone: zones,
      elsewhere: fc.oneof(
        { weight: 2, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.record({ day: days, second: seconds }) },
      ),
    }),
  },
);

/** Writes the moment; the given one, in whole seconds of UTC, where it is not elsewhere. */
export function stamped({ fraction, zone, elsewhere }: Stamp, near: string): string {
  const [nearDay = '', rest = ''] = near.split('T');
  const far =
    elsewhere === undefined ? undefined : new Date(elsewhere.second * 1_000).toISOString().slice(11, 19);
  const clock = far ?? rest.replace('Z', '');
  return zonedTime(elsewhere?.day ?? nearDay, fraction === '' ? clock : `${clock}.${fraction}`, zone);
}
