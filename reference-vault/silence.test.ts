import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { failOnSilence, SilentCall, type WatchedCall } from './silence';

const errorOf = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};

describe('failOnSilence', () => {
  it('ends a silent call and aborts it', async () => {
    let signal: AbortSignal | undefined;
    const call = async (watched: WatchedCall): Promise<void> => {
      signal = watched.signal;
      await new Promise(() => {});
    };
    expect(await errorOf(failOnSilence(20, call))).to.be.instanceOf(SilentCall);
    expect(signal?.aborted).to.equal(true);
  });

  it('lets a slow call go on that is heard of', async () => {
    const call = async ({ heard }: WatchedCall): Promise<string> => {
      for (let step = 0; step < 6; step += 1) {
        await pause(25);
        heard();
      }
      return 'done';
    };
    expect(await failOnSilence(100, call)).to.equal('done');
  });

  it('ends at once when it is told to, or was told before', async () => {
    const ender = new AbortController();
    const ended = errorOf(failOnSilence(5000, () => new Promise(() => {}), ender.signal));
    const reason = new Error('enough');
    ender.abort(reason);
    expect(await ended).to.equal(reason);
    expect(await errorOf(failOnSilence(5000, async () => 'never', ender.signal))).to.equal(reason);
  });
});
