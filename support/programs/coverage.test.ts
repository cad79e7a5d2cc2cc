import { describe, it } from 'node:test';
import { expect } from 'chai';
import { Coverage, interestingIn } from './coverage';

describe('Coverage', () => {
  it('counts what was judged, taken and met', () => {
    const coverage = new Coverage();
    coverage.judged(['FID-1', 'FID-2']);
    coverage.judged(['FID-1']);
    coverage.met('offers', ['an empty payload']);
    coverage.met('offers', []);
    expect(['FID-1', 'FID-2', 'FID-3'].map((id) => coverage.timesJudged(id))).to.deep.equal([2, 1, 0]);
    expect([
      coverage.timesMet('offers'),
      coverage.timesMet('offers', 'an empty payload'),
      coverage.timesMet('waits'),
    ]).to.deep.equal([2, 1, 0]);
  });

  it('knows by name what is interesting in a draw', () => {
    const interesting = { 'a small one': (size: number) => size < 3, none: (size: number) => size === 0 };
    expect([0, 1, 9].map((size) => interestingIn(interesting, size))).to.deep.equal([
      ['a small one', 'none'],
      ['a small one'],
      [],
    ]);
  });
});
