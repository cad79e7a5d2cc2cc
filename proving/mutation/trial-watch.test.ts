import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Envelope, TestStepResultStatus } from '@cucumber/messages';
import { expect } from 'chai';
import { TrialWatch } from './trial-watch';

const MOMENT = { seconds: 0, nanos: 0 };
const LONG_MS = 60_000;

const begun: readonly Envelope[] = [
  {
    pickle: {
      id: 'p',
      uri: 'a.feature',
      location: { line: 7 },
      name: '',
      language: 'en',
      steps: [],
      tags: [],
      astNodeIds: [],
    },
  },
  { testCase: { id: 'c', pickleId: 'p', testSteps: [] } },
  { testCaseStarted: { id: 's', testCaseId: 'c', attempt: 0, timestamp: MOMENT } },
];

function step(status: string, message = ''): Envelope {
  const testStepResult = {
    status: status as TestStepResultStatus,
    message,
    duration: MOMENT,
    exception: { type: 'Error', message },
  };
  return { testStepFinished: { testCaseStartedId: 's', testStepId: 't', testStepResult, timestamp: MOMENT } };
}

describe('the watch over a trial', () => {
  it('knows the first step that failed, and where', () => {
    const watch = new TrialWatch({ beforeFailureMs: LONG_MS, afterFailureMs: LONG_MS });
    for (const envelope of [...begun, step('PASSED'), step('FAILED', 'first'), step('FAILED', 'second')]) {
      watch.hear(envelope);
    }
    watch.end();
    expect(watch.firstFailure?.place).to.equal('a.feature:7');
    expect(watch.firstFailure?.words).to.include('first');
  });

  it('says that a trial hangs when nothing is heard of it', async () => {
    const watch = new TrialWatch({ beforeFailureMs: 20, afterFailureMs: LONG_MS });
    expect(await watch.hung).to.equal('hung');
    expect(watch.firstFailure).to.equal(undefined);
  });

  it('waits for no more than the cleaning up once a step has failed', async () => {
    const watch = new TrialWatch({ beforeFailureMs: LONG_MS, afterFailureMs: 20 });
    for (const envelope of [...begun, step('FAILED')]) watch.hear(envelope);
    expect(await watch.hung).to.equal('hung');
  });

  it('says nothing once the trial has ended', async () => {
    const watch = new TrialWatch({ beforeFailureMs: 10, afterFailureMs: 10 });
    watch.end();
    expect(await Promise.race([watch.hung, pause(50)])).to.equal(undefined);
  });
});
