import { describe, it } from 'node:test';
import { expect } from 'chai';
import { sameNumber } from './number-text';

describe('sameNumber', () => {
  it('finds the same number behind other notations', () => {
    const same: [string, string][] = [
      ['1.0', '1'],
      ['1.688560107857E9', '1688560107.857'],
      ['1e21', '1000000000000000000000'],
      ['0.10', '1e-1'],
      ['1E+3', '1000'],
      ['0.0', '0e5'],
      ['-0.0', '-0'],
      ['9007199254740993', '9007199254740993.0'],
    ];
    for (const [left, right] of same) expect(sameNumber(left, right), `${left} and ${right}`).to.equal(true);
  });

  it('never takes two numbers for one, not even where doubles do', () => {
    const other: [string, string][] = [
      ['9007199254740993', '9007199254740992'],
      ['1e400', '1e401'],
      ['0.1', '0.1000000000000000055511151231257827'],
      ['-0', '0'],
      ['1', '-1'],
      ['10', '1'],
      ['1e-400', '0'],
      ['1e9999999999999999', '1e9999999999999998'],
    ];
    for (const [left, right] of other)
      expect(sameNumber(left, right), `${left} and ${right}`).to.equal(false);
  });

  it('takes linear time over megabytes of noughts', () => {
    const noughts = '0'.repeat(5_000_000);
    const began = performance.now();
    expect(sameNumber(`0.${noughts}1`, `0.${noughts}2`)).to.equal(false);
    expect(sameNumber(`1${noughts}`, '1e5000000')).to.equal(true);
    expect(performance.now() - began).to.be.lessThan(60_000);
  });
});
