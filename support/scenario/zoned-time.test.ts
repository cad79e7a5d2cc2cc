import { describe, it } from 'node:test';
import { expect } from 'chai';
import { spanMs, zonedTime } from './zoned-time';

describe('a span of time', () => {
  it('is known by its words', () => {
    expect([spanMs('an hour'), spanMs('a day')]).to.deep.equal([3_600_000, 86_400_000]);
    expect(() => spanMs('a while')).to.throw('no span is called "a while"');
  });
});

describe('a time in a zone', () => {
  const cases = [
    ['23:30:00', '+02:00', '2026-01-01T01:30:00+02:00'],
    ['00:30:00', '-02:00', '2025-12-30T22:30:00-02:00'],
    ['18:15:00', '+05:45', '2026-01-01T00:00:00+05:45'],
    ['12:00:00.120', '+00:00', '2025-12-31T12:00:00.120+00:00'],
    ['23:59:59.123456789', 'Z', '2025-12-31T23:59:59.123456789Z'],
  ] as const;
  for (const [time, zone, written] of cases) {
    it(`${time} UTC in ${zone} is ${written}`, () => {
      expect(zonedTime('2025-12-31', time, zone)).to.equal(written);
    });
  }

  it('is the same instant, whatever the zone', () => {
    expect(Date.parse(zonedTime('2025-12-31', '10:00:00', '+14:00'))).to.equal(
      Date.parse('2025-12-31T10:00:00Z'),
    );
  });

  it('refuses what is no time and what is no zone', () => {
    expect(() => zonedTime('2025-12-31', 'noon', 'Z')).to.throw('noon UTC in Z is no time');
    expect(() => zonedTime('2025-12-31', '10:00:00', 'CET')).to.throw('is no time');
  });
});
