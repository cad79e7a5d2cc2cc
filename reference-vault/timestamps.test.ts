import { describe, it } from 'node:test';
import { expect } from 'chai';
import { parseInstant, parseUtcInstant } from './timestamps';

describe('timestamps', () => {
  const utcOf = (text: string): string | undefined => parseInstant(text)?.utc;

  it('knows an instant however it is written', () => {
    for (const text of [
      '2026-01-01T12:00:00Z',
      '2026-01-01t12:00:00z',
      '2026-01-01T12:00:00.000+00:00',
      '2026-01-01T14:30:00+02:30',
      '2026-01-01T00:00:00.0-12:00',
    ]) {
      expect(utcOf(text), text).to.equal('2026-01-01T12:00:00');
    }
  });

  it('keeps every digit of a fraction, and sorts by them', () => {
    const inOrder = [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.000000001Z',
      '2026-01-01T00:00:00.09Z',
      '2026-01-01T00:00:00.1Z',
      '2026-01-01T00:00:00.123456789Z',
      '2026-01-01T00:00:00.1234567891Z',
      '2026-01-01T00:00:01Z',
    ];
    const keys = inOrder.map(utcOf);
    expect([...keys].sort()).to.deep.equal(keys);
    expect(new Set(keys)).to.have.length(inOrder.length);
  });

  it('sorts to nine decimals', () => {
    const sortKeys = ['.1234567891', '.123456789', '.1234567', ''].map(
      (fraction) => parseInstant(`2026-01-01T00:00:00${fraction}Z`)?.sortKey,
    );
    expect(sortKeys).to.deep.equal(
      ['.123456789', '.123456789', '.1234567', ''].map((fraction) => `2026-01-01T00:00:00${fraction}`),
    );
  });

  it('takes the day in UTC', () => {
    expect(parseInstant('2026-01-31T23:30:00-01:00')?.dayPath).to.equal('2026/02/01');
    expect(parseInstant('2024-02-29T00:00:00Z')?.dayPath).to.equal('2024/02/29');
    expect(parseInstant('0001-01-01T00:00:00Z')?.dayPath).to.equal('0001/01/01');
  });

  it('allows a leap second at the end of a month only', () => {
    expect(utcOf('2016-12-31T23:59:60Z')).to.equal('2016-12-31T23:59:60');
    expect(utcOf('2017-01-01T01:59:60.5+02:00')).to.equal('2016-12-31T23:59:60.5');
    expect(utcOf('2016-12-30T23:59:60Z')).to.equal(undefined);
    expect(utcOf('2016-12-31T12:00:60Z')).to.equal(undefined);
  });

  it('refuses what is no timestamp', () => {
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-01-01T00:00:61Z',
      '2026-01-01T00:00:00+24:00',
      '2026-01-01T00:00:00',
      '2026-01-01T00:00:00.Z',
      '2026-01-01 00:00:00Z',
      '2026-01-01',
      ' 2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z\n',
      '0000-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
      '',
    ]) {
      expect(parseInstant(text), JSON.stringify(text)).to.equal(undefined);
    }
  });

  it('takes only Z and +00:00 for UTC', () => {
    expect(parseUtcInstant('2026-01-01T00:00:00Z')).to.not.equal(undefined);
    expect(parseUtcInstant('2026-01-01T00:00:00+00:00')).to.not.equal(undefined);
    expect(parseUtcInstant('2026-01-01T00:00:00-00:00')).to.equal(undefined);
    expect(parseUtcInstant('2026-01-01T00:00:00+01:00')).to.equal(undefined);
  });
});
