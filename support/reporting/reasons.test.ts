import { describe, it } from 'node:test';
import { TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { scenarioMessages } from './fixtures/messages';
import { KnownFailures } from './known-failures';
import { byReason, reasonOf, shownReason } from './reasons';
import { RunResult } from './run-result';

/** The reason of a scenario that failed with these words. */
function reasonFor(words: string): string {
  const result = new RunResult(new KnownFailures([]), false);
  const steps = [{ status: TestStepResultStatus.PASSED }, { status: TestStepResultStatus.FAILED, words }];
  for (const envelope of scenarioMessages({ id: 'a', steps })) result.hear(envelope);
  const [outcome] = result.scenarios();
  return outcome === undefined ? 'no outcome' : reasonOf(outcome);
}

describe('the reason of a scenario', () => {
  it('is the first line of what was seen', () => {
    expect(reasonFor('the job failed\n  at 10:15')).to.equal('the job failed');
  });

  it('goes on where the first line only announces a list', () => {
    expect(reasonFor('2 payloads did not come back:\n  a.json: cut\n  b.json: gone')).to.equal(
      '2 payloads did not come back: a.json: cut b.json: gone',
    );
  });

  it('is whole, however long, for whoever cuts it says how long it is', () => {
    expect(reasonFor('x'.repeat(2_000_000))).to.have.length(2_000_000);
  });
});

describe('a reason that is shown', () => {
  it('keeps its end, where what was expected stands', () => {
    const quoted = `it answered {"note":"${'x'.repeat(5_000)}"}: expected 202 to equal 413`;
    const shown = shownReason(quoted, 200);
    expect(shown).to.match(/^it answered \{"note":"x+ … x+"\}: expected 202 to equal 413$/);
    expect(shown).to.have.length.below(210);
    expect(shownReason('a \u001b[31m bell', 200)).to.equal('a <ESC>[31m bell');
  });
});

describe('byReason', () => {
  const grouped = (...reasons: readonly string[]): readonly (readonly [string, number])[] =>
    byReason(
      reasons.map((reason) => ({ status: 'failed' as const, reason })),
      ({ reason }) => reason,
    ).map(({ reason, scenarios }) => [reason, scenarios.length]);

  it('puts equal reasons together, in the order of the first of each', () => {
    expect(grouped('a', 'b', 'a')).to.deep.equal([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('leaves out the ids that reasons differ in, and keeps them where there is one alone', () => {
    expect(grouped('job job_6b0be1abf40b failed', 'job job_6b0be1ab9112 failed')).to.deep.equal([
      ['job … failed', 2],
    ]);
    expect(grouped('job job_6b0be1abf40b failed', 'it answered 429', 'it answered 500')).to.deep.equal([
      ['job job_6b0be1abf40b failed', 1],
      ['it answered 429', 1],
      ['it answered 500', 1],
    ]);
  });
});
