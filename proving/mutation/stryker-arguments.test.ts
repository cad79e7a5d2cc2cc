import { describe, it } from 'node:test';
import { expect } from 'chai';
import { strykerArguments } from './stryker-arguments';

describe('the arguments of npm run mutation', () => {
  it('leave what is mutated to the configuration when no path is given', () => {
    expect(strykerArguments([])).to.deep.equal([]);
    expect(strykerArguments(['--concurrency', '1'])).to.deep.equal(['--concurrency', '1']);
  });

  it('take a folder for its sources, without the tests', () => {
    expect(
      strykerArguments(['reference-vault/retrieval/', 'reference-vault/faults.ts', '--force']),
    ).to.deep.equal([
      '--force',
      '--mutate',
      'reference-vault/retrieval/**/*.ts,reference-vault/faults.ts,!**/*.test.ts',
    ]);
  });

  it('take a line range of a file as Stryker does', () => {
    expect(strykerArguments(['a.ts:3-9'])).to.deep.equal(['--mutate', 'a.ts:3-9,!**/*.test.ts']);
  });
});
