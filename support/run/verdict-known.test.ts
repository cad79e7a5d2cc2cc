import { describe, it } from 'node:test';
import { AttachmentContentEncoding, type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import type { BrokenPromise } from '../ledger/promises';
import { chargeAttachment } from '../reporting/charges';
import { KnownFailures } from '../reporting/known-failures';
import { Verdict } from './verdict';

const TIME = { seconds: 0, nanos: 0 };
const { FAILED, PASSED } = TestStepResultStatus;

/** What Cucumber says of a scenario of one step. */
function told(
  id: string,
  tag: string,
  status: TestStepResultStatus,
  type = 'AssertionError',
  found: readonly BrokenPromise[] = [],
): readonly Envelope[] {
  const pickle = {
    id,
    name: id,
    uri: 'a.feature',
    language: 'en',
    steps: [],
    astNodeIds: [],
    tags: [{ name: tag, astNodeId: '' }],
  };
  const attached = chargeAttachment(found.map((requirement) => ({ words: 'found', requirement })));
  const attachment = {
    ...attached,
    contentEncoding: AttachmentContentEncoding.IDENTITY,
    testCaseStartedId: `${id} attempt`,
    testStepId: 'step',
  };
  const exception = status === FAILED ? { exception: { type } } : {};
  return [
    { pickle },
    { testCase: { id: `${id} case`, pickleId: id, testSteps: [] } },
    { testCaseStarted: { id: `${id} attempt`, testCaseId: `${id} case`, attempt: 0, timestamp: TIME } },
    ...(found.length === 0 ? [] : [{ attachment }]),
    {
      testStepFinished: {
        testCaseStartedId: `${id} attempt`,
        testStepId: 'step',
        timestamp: TIME,
        testStepResult: { status, duration: TIME, ...exception },
      },
    },
    { testCaseFinished: { testCaseStartedId: `${id} attempt`, timestamp: TIME, willBeRetried: false } },
  ];
}

function exitCodeOf(...scenarios: readonly (readonly Envelope[])[]): number {
  const list = ['RES-1', 'SEC-2'].map((about) => ({ about, reason: 'ticket 7' }));
  const verdict = new Verdict(new KnownFailures(list));
  const success = !scenarios
    .flat()
    .some(({ testStepFinished }) => testStepFinished?.testStepResult.status === FAILED);
  for (const envelope of [...scenarios.flat(), { testRunFinished: { timestamp: TIME, success } }])
    verdict.hear(envelope);
  return verdict.exitCode();
}

describe('the exit code of a run with known failures', () => {
  it('is 0 when nothing but what is known failed', () => {
    expect(exitCodeOf(told('a', '@RES-1', FAILED), told('b', '@FID-1', PASSED))).to.equal(0);
  });

  it('is 1 when something else failed too', () => {
    expect(exitCodeOf(told('a', '@RES-1', FAILED), told('b', '@FID-1', FAILED))).to.equal(1);
  });

  it('is 1 when a known failure holds', () => {
    expect(exitCodeOf(told('a', '@RES-1', PASSED), told('b', '@FID-1', PASSED))).to.equal(1);
  });

  it('is 0 when one of its scenarios still fails', () => {
    expect(exitCodeOf(told('a', '@RES-1', PASSED), told('b', '@RES-1', FAILED))).to.equal(0);
  });

  it('is 0 when a scenario of it was no part of the run, for that one might fail', () => {
    const [leftOut = {}] = told('b', '@RES-1', FAILED);
    expect(exitCodeOf(told('a', '@RES-1', PASSED), [leftOut])).to.equal(0);
  });

  it('is by what was found, where only the end of a scenario failed', () => {
    const ended = (tag: string, ...found: readonly BrokenPromise[]): readonly Envelope[] =>
      told('a', tag, FAILED, 'ScenarioEndError', found);
    expect(exitCodeOf(ended('@FID-1', 'SEC-2'))).to.equal(0);
    expect(exitCodeOf(ended('@FID-1', 'SEC-2', 'API-2'))).to.equal(1);
    expect(exitCodeOf(ended('@RES-1', 'API-2'))).to.equal(1);
  });

  it('is 2 when the suite failed in it', () => {
    expect(exitCodeOf(told('a', '@RES-1', FAILED, 'SuiteError'))).to.equal(2);
  });
});
