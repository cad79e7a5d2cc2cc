import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../../../support/bytes/errors';
import { readOptions } from './runner-options';

describe('readOptions', () => {
  it('tries everything when nothing is said', () => {
    const { workers, ...options } = readOptions([]);
    expect(workers).to.be.within(2, 12);
    expect(options).to.deep.equal({
      variations: false,
      only: [],
      smoke: false,
      full: false,
      learn: false,
      shape: undefined,
      features: [],
    });
  });

  it('takes names in one list or in several, and feature files', () => {
    const options = readOptions(['--only', 'one,two', '--only', 'three', 'features/a.feature']);
    expect(options).to.deep.include({ only: ['one', 'two', 'three'], features: ['features/a.feature'] });
  });

  it('says what there is when an option is unknown or has no sense', () => {
    expect(() => readOptions(['--fast'])).to.throw(SuiteError, '--only name');
    expect(() => readOptions(['--workers', '0'])).to.throw(SuiteError, 'number above 0');
    expect(() => readOptions(['--learn', '--shape', 'a.yaml'])).to.throw(SuiteError, 'without --shape');
  });
});
