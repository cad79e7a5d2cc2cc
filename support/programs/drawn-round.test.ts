import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { roundOf } from './drawn-round';
import { type Round, rounds } from './program';

describe('roundOf', () => {
  const options = { concurrency: 2, kill: false, vaults: undefined, only: undefined, hasMinutes: false };

  it('draws the round that the explorer runs with the same seed and path', async () => {
    const explored: Round[] = [];
    const property = fc.asyncProperty(rounds(options), async (round) => {
      explored.push(round);
    });
    await fc.check(property, { seed: 42, numRuns: 3 });
    expect([0, 1, 2].map((index) => roundOf(42, index, options))).to.deep.equal(explored);
    await fc.check(property, { seed: 42, path: '2', numRuns: 1, endOnFailure: true });
    expect(explored[3]).to.deep.equal(explored[2]);
  });
});
