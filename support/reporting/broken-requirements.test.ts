import { describe, it } from 'node:test';
import { expect } from 'chai';
import { PROMISES } from '../ledger/promises';
import { type BrokenAttachment, brokenAttachment, brokenBy, brokenIn } from './broken-requirements';
import { readRequirements } from './requirements';

const TEXT: BrokenAttachment = { mediaType: 'text/plain', body: 'Objects that S3 holds' };
const ofSecret = brokenAttachment([{ words: 'a secret', requirement: 'SEC-2' }]);
const ofCrash = brokenAttachment([{ words: 'a secret', requirement: 'SEC-2' }, { words: 'a crash' }]);

describe('what failures are held against', () => {
  it('is what the scenario is about, where nothing else is said', () => {
    expect(brokenIn([[TEXT]])).to.deep.equal({ own: true, found: [] });
  });

  it('is just the requirements found broken, where every problem names one', () => {
    expect(brokenIn([[TEXT, ofSecret]])).to.deep.equal({ own: false, found: ['SEC-2'] });
  });

  it('is both where one problem names none, or a step failed before', () => {
    expect(brokenIn([[ofCrash]])).to.deep.equal({ own: true, found: ['SEC-2'] });
    expect(brokenIn([[], [ofSecret]])).to.deep.equal({ own: true, found: ['SEC-2'] });
  });

  it('is what a failed step names, and what was found beside it', () => {
    expect(brokenIn([], ['RES-1'])).to.deep.equal({ own: false, found: ['RES-1'] });
    expect(brokenIn([[ofSecret]], ['RES-1'])).to.deep.equal({ own: false, found: ['RES-1', 'SEC-2'] });
  });

  for (const body of ['', '[]', '{"own":false}', '{"own":false,"found":[]}']) {
    it(`is what the scenario is about where the attachment says ${body || 'nothing'}`, () => {
      expect(brokenIn([[{ ...ofSecret, body }]])).to.deep.equal({ own: true, found: [] });
    });
  }

  it('is nothing where nothing failed', () => {
    const broken = brokenIn([]);
    expect(broken).to.deep.equal({ own: false, found: [] });
    expect(brokenBy({ status: 'passed', tags: ['@FID-1'], broken })).to.deep.equal([]);
  });

  it('is always something where the scenario failed', () => {
    const broken = { own: false, found: [] };
    expect(brokenBy({ status: 'failed', tags: ['@core', '@FID-1'], broken })).to.deep.equal(['FID-1']);
  });
});

describe('the requirements that findings name', () => {
  it('are all on the list', () => {
    const ids = readRequirements().map(({ id }) => id);
    expect(ids).to.include.members(Object.values(PROMISES));
  });
});
