import { describe, it } from 'node:test';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { publishRunContext, RUN_CONTEXT_VARIABLE, type RunContext, runContext } from '../process/run-context';
import { Verdict } from './verdict';

const TIME = { seconds: 0, nanos: 0 };
const { AMBIGUOUS, FAILED, PASSED, PENDING, SKIPPED, UNDEFINED } = TestStepResultStatus;

/** A step that ended so; a failed one with an exception of this class. */
interface Step {
  readonly status: TestStepResultStatus;
  readonly type?: string;
}

/** The exit code of a run of these scenarios. */
function exitCodeOf(
  scenarios: readonly (readonly Step[])[],
  more: {
    readonly success?: boolean;
    readonly others?: readonly Envelope[];
    readonly finished?: boolean;
    readonly dry?: boolean;
  } = {},
): number {
  const verdict = new Verdict(undefined, more.dry);
  for (const [index, steps] of scenarios.entries()) {
    for (const { status, type } of steps) {
      verdict.hear({
        testStepFinished: {
          testCaseStartedId: String(index),
          testStepId: 'step',
          timestamp: TIME,
          testStepResult: { status, duration: TIME, ...(type === undefined ? {} : { exception: { type } }) },
        },
      });
    }
    verdict.hear({
      testCaseFinished: { testCaseStartedId: String(index), timestamp: TIME, willBeRetried: false },
    });
  }
  for (const envelope of more.others ?? []) verdict.hear(envelope);
  const allPassed = scenarios.flat().every(({ status }) => status === PASSED || status === SKIPPED);
  if (more.finished !== false) {
    verdict.hear({ testRunFinished: { timestamp: TIME, success: more.success ?? allPassed } });
  }
  return verdict.exitCode();
}

const passed: Step = { status: PASSED };
const skipped: Step = { status: SKIPPED };
const broken: Step = { status: FAILED, type: 'AssertionError' };
const suites: Step = { status: FAILED, type: 'SuiteError' };

describe('a run in which no scenario ran', () => {
  const finished = { testRunFinished: { success: false, timestamp: { seconds: 0, nanos: 0 } } };

  it('had none to run', () => {
    const verdict = new Verdict();
    verdict.hear(finished);
    expect(verdict.selectedNothing).to.equal(true);
  });

  it('or had, and its vault never started', () => {
    const verdict = new Verdict();
    verdict.hear({ testCase: { id: '1', pickleId: '2', testSteps: [] } });
    verdict.hear(finished);
    expect(verdict.selectedNothing).to.equal(false);
    expect(verdict.exitCode()).to.equal(2);
  });
});

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

describe('the context of a run', () => {
  const context: RunContext = {
    mode: 'wire',
    runId: '00beef',
    corpusFolder: '/corpus',
    temporaryFolder: '/tmp/run',
    mongo: { uri: 'mongodb://127.0.0.1:1/', description: 'a stand-in', kind: 'stand-in' },
  };

  it('reaches a worker as it was published', () => {
    const environment: NodeJS.ProcessEnv = {};
    publishRunContext(context, environment);
    expect(Object.keys(environment)).to.deep.equal([RUN_CONTEXT_VARIABLE]);
    expect(runContext(environment)).to.deep.equal(context);
  });

  it('is missed with a sentence that says what to do', () => {
    expect(() => runContext({})).to.throw(SuiteError, /start the suite with "npm run bdd"/);
  });
});
