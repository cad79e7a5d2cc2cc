import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { ProviderRequest } from '../provider/provider-request';
import { wrongBeginning, wrongRanges } from './provider-verdict';

const RANGE = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };

function call(
  kind: 'listing' | 'payload',
  arrivedMs: number,
  answeredMs: number | undefined,
  cursor?: string,
) {
  const about = kind === 'listing' ? { range: RANGE } : { sourceId: 'a' };
  return { kind, path: `/${kind}`, authorized: true, arrivedMs, answeredMs, cursor, ...about };
}

const wrong = (...calls: readonly ReturnType<typeof call>[]) =>
  wrongBeginning(calls as unknown as readonly ProviderRequest[], RANGE, 1_000);

describe('wrongBeginning', () => {
  it('finds a job that is begun while somebody is at work on it', () => {
    expect(wrong(call('listing', 0, 5), call('listing', 4, 9))).to.contain('twice at once');
    expect(wrong(call('listing', 0, 5), call('payload', 6, undefined), call('listing', 700, 705))).to.contain(
      '/payload',
    );
  });

  it('lets a job go on from page to page, be begun again after what failed, and list once more at its end', () => {
    expect(wrong(call('listing', 0, 5), call('payload', 6, 20), call('listing', 8, 9, 'next'))).to.equal(
      undefined,
    );
    expect(wrong(call('listing', 0, 5), call('listing', 5, 9))).to.equal(undefined);
    expect(wrong(call('listing', 0, undefined), call('listing', 1_000, 1_005))).to.equal(undefined);
  });
});

describe('wrongRanges', () => {
  const range = { start: '2026-01-01T00:00:00.25Z', end: '2026-01-01T01:00:00.000000001Z' };
  const noon = '2026-01-01T00:30:00Z';

  it('finds a vault that asks for more than its job is for, or for less', () => {
    const wider = { ...range, start: '2026-01-01T00:00:00Z' };
    expect(wrongRanges([range, wider], range, false)).to.contain('2026-01-01T00:00:00Z');
    const narrower = { ...range, end: '2026-01-01T01:00:00Z' };
    expect(wrongRanges([narrower], range, true)).to.contain('no more than');
    const gap = [
      { ...range, end: noon },
      { ...range, start: '2026-01-01T00:30:00.1Z' },
    ];
    expect(wrongRanges(gap, range, true)).to.contain('no more than');
    expect(wrongRanges([], range, true)).to.contain('no more than');
  });

  it('lets a vault write instants as it likes, ask in pieces, and leave out what a job that failed did not come to', () => {
    const respelt = { start: '2026-01-01T00:00:00.250000000+00:00', end: range.end };
    expect(wrongRanges([respelt, respelt], range, true)).to.equal(undefined);
    expect(
      wrongRanges(
        [
          { ...range, start: noon },
          { ...range, end: noon },
        ],
        range,
        true,
      ),
    ).to.equal(undefined);
    expect(wrongRanges([{ ...range, end: noon }], range, false)).to.equal(undefined);
  });
});
