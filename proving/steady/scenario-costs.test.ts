import { describe, it } from 'node:test';
import type { Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { costsOf } from './scenario-costs';
import { median, quantile } from './statistics';

const at = (ms: number) => ({ seconds: 0, nanos: ms * 1e6 });

function scenario(
  id: string,
  [startMs, endMs]: readonly [number, number],
  steps: readonly number[],
  status: `${TestStepResultStatus}` = 'PASSED',
): readonly Envelope[] {
  return [
    { testCaseStarted: { id, testCaseId: 'case', attempt: 0, timestamp: at(startMs) } },
    ...steps.map((ms, index) => ({
      testStepFinished: {
        testCaseStartedId: id,
        testStepId: String(index + 1),
        testStepResult: { duration: at(ms), status: status as TestStepResultStatus },
        timestamp: at(0),
      },
    })),
    { testCaseFinished: { testCaseStartedId: id, willBeRetried: false, timestamp: at(endMs) } },
  ];
}

describe('costsOf', () => {
  const sourceReference = {};
  const head = [
    { hook: { id: 'after', type: 'AFTER_TEST_CASE', sourceReference } },
    {
      pickle: {
        ...{ id: 'pickle', uri: 'a.feature', name: 'It holds', language: 'en', tags: [], astNodeIds: [] },
        steps: [{ id: 'step', text: 'the log "login" was stored 3 times', astNodeIds: [] }],
      },
    },
    {
      testCase: {
        id: 'case',
        pickleId: 'pickle',
        testSteps: [
          { id: '1', hookId: 'before' },
          { id: '2', pickleStepId: 'step' },
          { id: '3', hookId: 'after' },
        ],
      },
    },
  ] as readonly Envelope[];

  it('tells steps, the end and everything around them apart, from the end of the scenario before', () => {
    const { scenarios, steps } = costsOf([
      ...head,
      ...scenario('a', [10, 110], [5, 60, 20]),
      ...scenario('b', [111, 112], [1], 'SKIPPED'),
      ...scenario('c', [115, 200], [5, 40, 30]),
    ]);
    expect(scenarios).to.deep.equal([
      { name: 'It holds', stepsMs: 60, endMs: 20, aroundMs: 20 },
      { name: 'It holds', stepsMs: 40, endMs: 30, aroundMs: 18 },
    ]);
    expect(steps).to.deep.equal([{ text: 'the log "…" was stored n times', times: 2, totalMs: 100 }]);
  });
});

describe('the statistics', () => {
  it('take the middle, and the value that a share does not exceed', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).to.deep.equal([2, 2.5, Number.NaN]);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(hundred, 0.95), quantile([7], 0.95), quantile([], 0.5)]).to.deep.equal([
      95,
      7,
      Number.NaN,
    ]);
  });
});
