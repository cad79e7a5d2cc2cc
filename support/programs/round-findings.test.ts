import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { FindingError } from './finding-error';
import { RoundFindings } from './round-findings';

describe('RoundFindings', () => {
  it('charges each finding to the requirements that it names, and says where one names none', () => {
    const findings = new RoundFindings(new Map());
    findings.note(new FindingError({ words: 'bytes differ', requirements: ['FID-1', 'FID-2'] }));
    expect(findings.broken).to.deep.equal({ own: false, found: ['FID-1', 'FID-2'] });
    findings.note(new Error('the vault ended'));
    findings.note(new Error('the vault ended'));
    expect(findings.broken).to.deep.equal({ own: true, found: ['FID-1', 'FID-2'] });
    expect(findings.texts).to.deep.equal(['bytes differ [FID-1, FID-2]', 'the vault ended']);
  });

  it('charges what the end of a round found', () => {
    const findings = new RoundFindings(new Map());
    findings.noteEnd(new Error('1 log is lost'), [{ words: 'log 1 is lost', requirement: 'API-2' }]);
    expect(findings.broken).to.deep.equal({ own: false, found: ['API-2'] });
  });

  it('holds nothing against a vault that it does not claim', () => {
    const findings = new RoundFindings(new Map([['RES-11', 'asks when it likes']]));
    findings.note(new FindingError({ words: 'asked too early', requirements: ['RES-11'] }));
    expect(findings.isEmpty).to.equal(true);
    findings.note(new FindingError({ words: 'asked at once', requirements: ['RES-11', 'RES-10'] }));
    expect(findings.broken).to.deep.equal({ own: false, found: ['RES-10'] });
  });

  it('throws what the suite itself failed at', () => {
    const findings = new RoundFindings(new Map());
    expect(() => findings.note(new SuiteError('no store'))).to.throw(SuiteError, 'no store');
    expect(() => findings.note('text')).to.throw(SuiteError, 'text');
    expect(findings.isEmpty).to.equal(true);
  });
});
