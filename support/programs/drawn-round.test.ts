import { describe, it } from 'node:test';
import { expect } from 'chai';
import { roundsOf } from './drawn-round';

describe('roundsOf', () => {
  const options = { concurrency: 2, kill: false, vaults: undefined, only: undefined, hasMinutes: false };

  it('draws the same again, however many are asked for', () => {
    const drawn = roundsOf(42, 3, options);
    expect(drawn).to.have.length(3);
    expect(roundsOf(42, 2, options)).to.deep.equal(drawn.slice(0, 2));
    expect(drawn[0]).not.to.deep.equal(drawn[1]);
    expect(roundsOf(43, 1, options)).not.to.deep.equal(drawn.slice(0, 1));
  });
});
