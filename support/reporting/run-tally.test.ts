import { describe, it } from 'node:test';
import { expect } from 'chai';
import { durationText, tallyOf, verdictOf, verdictSentence } from './run-tally';
import type { OutcomeStatus } from './scenario-outcome';

const tally = (...statuses: readonly OutcomeStatus[]) =>
  tallyOf(statuses.map((status) => ({ status, attempt: 1 })));

describe('the verdict of a run', () => {
  it('is failed before all, then error, and passed in spite of skipped ones', () => {
    expect(verdictOf(tally('passed', 'error', 'failed'))).to.equal('failed');
    expect(verdictOf(tally('passed', 'error', 'skipped'))).to.equal('error');
    expect(verdictOf(tally('passed', 'skipped'))).to.equal('passed');
    expect(verdictOf(tally('skipped'))).to.equal('skipped');
    expect(verdictOf(tally())).to.equal('error');
  });

  it('reads as one sentence, with what decided first', () => {
    expect(verdictSentence(tally())).to.equal('No scenario ran.');
    expect(verdictSentence(tally('not-run', 'not-run'))).to.equal('None of the 2 scenarios ran.');
    expect(verdictSentence(tally('failed'))).to.equal('The one scenario failed.');
    expect(verdictSentence(tally('passed', 'passed'))).to.equal('All 2 scenarios passed.');
    expect(verdictSentence(tally('passed', 'passed', 'skipped'))).to.equal(
      '2 of 3 scenarios passed; 1 was skipped.',
    );
    expect(verdictSentence(tally('passed', 'error', 'failed', 'skipped', 'skipped'))).to.equal(
      '1 of 5 scenarios failed; 1 could not be judged, 2 were skipped, 1 passed.',
    );
  });
});

describe('durationText', () => {
  it('chooses the unit that a person would', () => {
    expect([0.2, 340.4, 999.7, 2_449, 59_990, 185_000, 3_599_900].map(durationText)).to.deep.equal([
      '< 1 ms',
      '340 ms',
      '1.0 s',
      '2.4 s',
      '1 min 0 s',
      '3 min 5 s',
      '60 min 0 s',
    ]);
  });
});
