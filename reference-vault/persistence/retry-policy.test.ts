import { describe, it } from 'node:test';
import { expect } from 'chai';
import { providerFault, storageFault } from '../faults';
import { exponentialWait, FaultRetryPolicy } from './retry-policy';

const NEVER = new AbortController().signal;
const OUTAGE = storageFault('unavailable', 'away');

function failing(
  times: number,
  fault: unknown = OUTAGE,
): { calls: number; readonly call: () => Promise<string> } {
  const counted = {
    calls: 0,
    call: async (): Promise<string> => {
      counted.calls += 1;
      if (counted.calls <= times) throw fault;
      return 'done';
    },
  };
  return counted;
}

const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome.status === 'rejected' ? outcome.reason : undefined;
};

describe('the wait before a retry', () => {
  it('doubles, with jitter in its upper half', () => {
    for (let failures = 1; failures <= 6; failures += 1) {
      const nominalMs = 100 * 2 ** (failures - 1);
      const waits = Array.from({ length: 200 }, () => exponentialWait(failures, OUTAGE, 100));
      expect(Math.min(...waits)).to.be.at.least(nominalMs / 2);
      expect(Math.max(...waits)).to.be.at.most(nominalMs);
      expect(new Set(waits)).to.have.length.above(5);
    }
  });

  it('is what a Retry-After asks for, if that is longer', () => {
    const asks = (retryAfterMs: number) => providerFault('unavailable', '429', { retryAfterMs });
    expect(exponentialWait(1, asks(2000), 100)).to.equal(2000);
    expect(exponentialWait(1, asks(1), 100)).to.be.at.least(50);
  });

  it('never exceeds what a timer can wait', () => {
    expect(exponentialWait(60, OUTAGE, 100)).to.equal(2 ** 31 - 1);
  });
});

describe('the retry policy', () => {
  const policy = new FaultRetryPolicy({ baseMs: 1, maxAttempts: 3 });

  it('makes as many attempts as it may, and throws the last fault', async () => {
    const recovers = failing(2);
    expect(await policy.byAttempts(recovers.call, NEVER)).to.equal('done');
    const outlasts = failing(99);
    expect(await rejection(policy.byAttempts(outlasts.call, NEVER))).to.equal(OUTAGE);
    expect(outlasts.calls).to.equal(3);
  });

  it('does not retry what is permanent, nor what it does not know', async () => {
    for (const fault of [storageFault('rejected', '403'), new TypeError('a bug')]) {
      const refused = failing(99, fault);
      expect(await rejection(policy.byAttempts(refused.call, NEVER))).to.equal(fault);
      expect(refused.calls).to.equal(1);
    }
  });

  it('waits as its wait says, with the fault in hand', async () => {
    const asked: unknown[] = [];
    const noted = new FaultRetryPolicy({ baseMs: 7, maxAttempts: 3 }, (...args) => {
      asked.push(args);
      return 0;
    });
    await noted.byAttempts(failing(2).call, NEVER);
    expect(asked).to.deep.equal([
      [1, OUTAGE, 7],
      [2, OUTAGE, 7],
    ]);
  });

  it('ends a wait when it is told to', async () => {
    const patient = new FaultRetryPolicy({ baseMs: 60_000, maxAttempts: 3 });
    const ender = new AbortController();
    const reason = new Error('the vault stops');
    setTimeout(() => ender.abort(reason), 10);
    expect(await rejection(patient.byAttempts(failing(99).call, ender.signal))).to.equal(reason);
  });

  it('retries by time for at least two seconds', async () => {
    const startedAt = performance.now();
    expect(await rejection(policy.byTime(failing(1e9).call, NEVER))).to.equal(OUTAGE);
    expect(performance.now() - startedAt).to.be.at.least(2000);
  });
});
