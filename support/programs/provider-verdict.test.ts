import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { ProviderRequest } from '../provider/provider-request';
import { wrongBeginning } from './provider-verdict';

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
