import test from 'node:test';
import { expect } from 'chai';
import { inSearchOrder } from './search-order';

const at = (...timestamps: readonly string[]) =>
  timestamps.map((timestamp) => ({ logId: 'log_a', timestamp }));

test('search order is the order of instants, whatever their precision and offset', () => {
  const ordered = at(
    '2026-01-01T12:59:59.9+01:00',
    '2026-01-01T12:00:00Z',
    '2026-01-01T12:00:00.123456788Z',
    '2026-01-01T14:00:00.123456789+02:00',
    '2026-01-01T12:00:00.123456790Z',
    '2026-01-01T06:30:00.5-05:30',
    '2026-01-01T12:00:01Z',
  );
  expect(inSearchOrder([...ordered].reverse())).to.deep.equal(ordered);
});

test('logs of one instant, however it is written, come in the order of their ids', () => {
  const ordered = [
    { logId: 'log_0', timestamp: '2026-01-01T12:00:00.500Z' },
    { logId: 'log_1', timestamp: '2026-01-01T14:00:00.5+02:00' },
    { logId: 'log_a', timestamp: '2026-01-01T12:00:00.50000Z' },
    { logId: 'log_b', timestamp: '2026-01-01T12:00:00.5000000004Z' },
    { logId: 'log_c', timestamp: '2026-01-01T12:00:00.500000000Z' },
  ];
  expect(inSearchOrder([...ordered].reverse())).to.deep.equal(ordered);
});

test('ids that are numbers come in the order of numbers', () => {
  const timestamp = '2026-01-01T12:00:00Z';
  const ordered = [9, 10, 100].map((idNumber) => ({ logId: String(idNumber), idNumber, timestamp }));
  expect(inSearchOrder([...ordered].reverse())).to.deep.equal(ordered);
});
