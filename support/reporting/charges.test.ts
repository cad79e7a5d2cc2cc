import { describe, it } from 'node:test';
import { expect } from 'chai';
import { PROMISES } from '../ledger/promises';
import { brokenBy, type ChargeAttachment, chargeAttachment, chargesOf } from './charges';
import { readRequirements } from './requirements';

const TEXT: ChargeAttachment = { mediaType: 'text/plain', body: 'Objects that S3 holds' };
const ofSecret = chargeAttachment([{ words: 'a secret', requirement: 'SEC-2' }]);
const ofCrash = chargeAttachment([{ words: 'a secret', requirement: 'SEC-2' }, { words: 'a crash' }]);

describe('what failures are held against', () => {
  it('is what the scenario is about, where nothing else is said', () => {
    expect(chargesOf([[TEXT]])).to.deep.equal({ own: true, found: [] });
  });

  it('is just the requirements found broken, where every problem names one', () => {
    expect(chargesOf([[TEXT, ofSecret]])).to.deep.equal({ own: false, found: ['SEC-2'] });
  });

  it('is both where one problem names none, or a step failed before', () => {
    expect(chargesOf([[ofCrash]])).to.deep.equal({ own: true, found: ['SEC-2'] });
    expect(chargesOf([[], [ofSecret]])).to.deep.equal({ own: true, found: ['SEC-2'] });
  });

  for (const body of ['', '[]', '{"own":false}', '{"own":false,"found":[]}']) {
    it(`is what the scenario is about where the attachment says ${body || 'nothing'}`, () => {
      expect(chargesOf([[{ ...ofSecret, body }]])).to.deep.equal({ own: true, found: [] });
    });
  }

  it('is nothing where nothing failed', () => {
    const charges = chargesOf([]);
    expect(charges).to.deep.equal({ own: false, found: [] });
    expect(brokenBy({ status: 'passed', tags: ['@FID-1'], charges })).to.deep.equal([]);
  });

  it('is always something where the scenario failed', () => {
    const charges = { own: false, found: [] };
    expect(brokenBy({ status: 'failed', tags: ['@core', '@FID-1'], charges })).to.deep.equal(['FID-1']);
  });
});

describe('the requirements that findings name', () => {
  it('are all on the list', () => {
    const ids = readRequirements().map(({ id }) => id);
    expect(ids).to.include.members(Object.values(PROMISES));
  });
});
