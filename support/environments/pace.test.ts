import { describe, it } from 'node:test';
import { expect } from 'chai';
import { pace } from './pace';

describe('the pace of a run', () => {
  it('is slower the longer loading took, within bounds', () => {
    expect([200, 3_000, 4_500, 60_000].map(pace)).to.deep.equal([1, 1, 1.5, 2.5]);
  });

  it('goes by the loading of this process', () => {
    expect(pace()).to.be.within(1, 2.5);
  });
});
