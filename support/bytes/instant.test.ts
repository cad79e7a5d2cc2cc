import test from 'node:test';
import { expect } from 'chai';
import {
  compareInstants,
  doOverlap,
  instantOf,
  instantRangeOf,
  instantText,
  isSameRange,
  isWithin,
  liesIn,
  millisecondOf,
} from './instant';

const range = (start: string, end: string) =>
  instantRangeOf({ start: `2026-01-01T12:00:00${start}`, end: `2026-01-01T12:00:00${end}` });

test('instants are the same however they are written, and differ by a nanosecond', () => {
  const one = instantOf('2026-01-01T12:00:00.123456789Z');
  expect(compareInstants(one, instantOf('2026-01-01T17:45:00.12345678900+05:45'))).to.equal(0);
  expect(compareInstants(one, instantOf('2026-01-01T12:00:00.123456790Z'))).to.be.below(0);
  expect(compareInstants(one, instantOf('2026-01-01T12:00:00.1Z'))).to.be.above(0);
  expect(instantOf('yesterday').secondMs).to.deep.equal(Number.NaN);
});

test('a timestamp lies in its millisecond, whatever its decimals and its offset', () => {
  const second = Date.parse('2010-01-06T00:01:02Z');
  for (const written of ['02.078Z', '02.078890941433+00:00', '02.0789999999999Z'])
    expect(millisecondOf(`2010-01-06T00:01:${written}`), written).to.equal(second + 78);
  expect(millisecondOf('2010-01-06T05:46:02.9999999999+05:45')).to.equal(second + 999);
  expect(millisecondOf('yesterday')).to.deep.equal(Number.NaN);
});

test('instants are written in UTC, nanoseconds before and after', () => {
  const one = instantOf('2026-01-01T00:00:00.000000001+01:00');
  expect([0, -1, -2, 999_999_999].map((plus) => instantText(one, plus))).to.deep.equal([
    '2025-12-31T23:00:00.000000001Z',
    '2025-12-31T23:00:00Z',
    '2025-12-31T22:59:59.999999999Z',
    '2025-12-31T23:00:01Z',
  ]);
});

test('a range begins with its start and ends before its end', () => {
  const nanosecond = range('.000000001Z', '.000000002Z');
  expect(isWithin(instantOf('2026-01-01T12:00:00.000000001Z'), nanosecond)).to.equal(true);
  expect(isWithin(instantOf('2026-01-01T12:00:00.000000002Z'), nanosecond)).to.equal(false);
  expect(isWithin(instantOf('2026-01-01T12:00:00Z'), nanosecond)).to.equal(false);
});

test('ranges are compared by their instants', () => {
  const [whole, first, second] = [range('Z', '.9Z'), range('Z', '.4Z'), range('.4Z', '.900+00:00')];
  expect([liesIn(first, whole), liesIn(whole, first)]).to.deep.equal([true, false]);
  expect([doOverlap(first, second), doOverlap(whole, second)]).to.deep.equal([false, true]);
  expect([isSameRange(second, range('.40Z', '.9Z')), isSameRange(first, whole)]).to.deep.equal([true, false]);
});
