import { describe, it } from 'node:test';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import type { BrokenPromise } from '../ledger/promises';
import { type FixtureStep, runFinished, scenarioMessages } from '../reporting/fixtures/messages';
import { KnownFailures } from '../reporting/known-failures';
import { RunResult } from '../reporting/run-result';
import { exitCodeOf as exitCodeOfConclusion } from './verdict';

const TIME = { seconds: 0, nanos: 0 };
const { AMBIGUOUS, FAILED, PASSED, PENDING, SKIPPED, UNDEFINED } = TestStepResultStatus;

/** The exit code of a run of these scenarios. */
function exitCodeOf(
  scenarios: readonly (readonly FixtureStep[])[],
  more: {
    readonly success?: boolean;
    readonly others?: readonly Envelope[];
    readonly finished?: boolean;
    readonly dry?: boolean;
  } = {},
): number {
  const result = new RunResult(new KnownFailures([]), more.dry ?? false);
  const messages = scenarios.flatMap((steps, index) => scenarioMessages({ id: String(index), steps }));
  for (const envelope of [...messages, ...(more.others ?? [])]) result.hear(envelope);
  const allPassed = scenarios.flat().every(({ status }) => status === PASSED || status === SKIPPED);
  if (more.finished !== false) result.hear(runFinished(more.success ?? allPassed));
  return exitCodeOfConclusion(result.conclusion());
}

const passed: FixtureStep = { status: PASSED };
const skipped: FixtureStep = { status: SKIPPED };
const broken: FixtureStep = { status: FAILED, type: 'AssertionError' };
const suites: FixtureStep = { status: FAILED, type: 'SuiteError' };

describe('the exit code', () => {
  it('is 0 when all that was asserted held', () => {
    expect(exitCodeOf([[passed, passed]])).to.equal(0);
    expect(exitCodeOf([[passed], [passed, skipped]])).to.equal(0);
  });

  it('of a dry run is 0 when every step has a definition, and 2 when one has none or nothing was selected', () => {
    expect(exitCodeOf([[skipped, skipped]], { dry: true })).to.equal(0);
    expect(exitCodeOf([[skipped, { status: UNDEFINED }]], { dry: true, success: true })).to.equal(2);
    expect(exitCodeOf([], { dry: true })).to.equal(2);
  });

  it('is 1 when the vault broke a promise, whatever kind of error says so', () => {
    for (const type of ['AssertionError', 'NoAnswerError', 'TimeoutError', 'VaultProcessError', 'Error']) {
      expect(exitCodeOf([[passed], [passed, { status: FAILED, type }, skipped]]), type).to.equal(1);
    }
  });

  it('is 2 when the suite failed', () => {
    for (const type of ['SuiteError', 'MongoNetworkError', 'MongoServerSelectionError']) {
      expect(exitCodeOf([[passed], [{ status: FAILED, type }]]), type).to.equal(2);
    }
  });

  it('is 2 when a step was undefined, ambiguous or pending', () => {
    for (const status of [UNDEFINED, AMBIGUOUS, PENDING]) {
      expect(exitCodeOf([[passed], [{ status }, skipped]]), status).to.equal(2);
    }
  });

  it('is 1 when both happened', () => {
    expect(exitCodeOf([[suites], [broken]])).to.equal(1);
    expect(exitCodeOf([[broken], [suites], [{ status: UNDEFINED }]])).to.equal(1);
  });

  it('is 2 when nothing was judged', () => {
    expect(exitCodeOf([]), 'no scenario').to.equal(2);
    expect(exitCodeOf([[passed, skipped, skipped]]), 'a hook skipped the only scenario').to.equal(2);
  });

  it('is 2 when the run did not get to its end, or failed beside its scenarios', () => {
    expect(exitCodeOf([[passed]], { finished: false })).to.equal(2);
    expect(exitCodeOf([[passed]], { success: false })).to.equal(2);
    expect(exitCodeOf([[broken]], { finished: false }), 'what was broken is broken').to.equal(1);
  });

  it('is 2 when a hook around the run failed, or a feature could not be read', () => {
    const result = { status: FAILED, duration: TIME, exception: { type: 'Error' } };
    const hook = { testRunHookFinished: { testRunHookStartedId: 'hook', timestamp: TIME, result } };
    expect(exitCodeOf([[passed]], { others: [hook] })).to.equal(2);
    const parseError = { parseError: { source: {}, message: 'expected: #EOF' } };
    expect(exitCodeOf([[passed]], { others: [parseError] })).to.equal(2);
  });
});

/** The exit code of a run of these scenarios, whose target is known to fail two requirements. */
function exitCodeWithKnown(...scenarios: readonly (readonly Envelope[])[]): number {
  const list = ['RES-1', 'SEC-2'].map((about) => ({ about, reason: 'ticket 7' }));
  const result = new RunResult(new KnownFailures(list), false);
  const success = !scenarios
    .flat()
    .some(({ testStepFinished }) => testStepFinished?.testStepResult.status === FAILED);
  for (const envelope of [...scenarios.flat(), runFinished(success)]) result.hear(envelope);
  return exitCodeOfConclusion(result.conclusion());
}

/** A scenario of one step. */
function told(
  id: string,
  tag: string,
  status: TestStepResultStatus,
  type = 'AssertionError',
  found: readonly BrokenPromise[] = [],
): readonly Envelope[] {
  return scenarioMessages({ id, tag, steps: [{ status, type, found }] });
}

describe('the exit code of a run with known failures', () => {
  it('is 0 when nothing but what is known failed', () => {
    expect(exitCodeWithKnown(told('a', '@RES-1', FAILED), told('b', '@FID-1', PASSED))).to.equal(0);
  });

  it('is 1 when something else failed too', () => {
    expect(exitCodeWithKnown(told('a', '@RES-1', FAILED), told('b', '@FID-1', FAILED))).to.equal(1);
  });

  it('is 1 when a known failure holds', () => {
    expect(exitCodeWithKnown(told('a', '@RES-1', PASSED), told('b', '@FID-1', PASSED))).to.equal(1);
  });

  it('is 0 when one of its scenarios still fails', () => {
    expect(exitCodeWithKnown(told('a', '@RES-1', PASSED), told('b', '@RES-1', FAILED))).to.equal(0);
  });

  it('is 0 when a scenario of it was no part of the run, for that one might fail', () => {
    const [leftOut = {}] = told('b', '@RES-1', FAILED);
    expect(exitCodeWithKnown(told('a', '@RES-1', PASSED), [leftOut])).to.equal(0);
  });

  it('is by what was found, where only the end of a scenario failed', () => {
    const ended = (tag: string, ...found: readonly BrokenPromise[]): readonly Envelope[] =>
      told('a', tag, FAILED, 'ScenarioEndError', found);
    expect(exitCodeWithKnown(ended('@FID-1', 'SEC-2'))).to.equal(0);
    expect(exitCodeWithKnown(ended('@FID-1', 'SEC-2', 'API-2'))).to.equal(1);
    expect(exitCodeWithKnown(ended('@RES-1', 'API-2'))).to.equal(1);
  });

  it('is 2 when the suite failed in it', () => {
    expect(exitCodeWithKnown(told('a', '@RES-1', FAILED, 'SuiteError'))).to.equal(2);
  });
});
