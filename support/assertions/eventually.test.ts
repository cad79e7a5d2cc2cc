import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { errorOf } from '../../services/stub-vault';
import { eventually, TimeoutError, throughout, ViolationError } from './eventually';

function counter(): () => Promise<number> {
  let calls = 0;
  return async () => {
    calls += 1;
    return calls;
  };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('eventually', () => {
  describe('when time is up, but more of it would be well spent', () => {
    const clock = (): (() => Promise<number>) => {
      const began = performance.now();
      return async () => performance.now() - began;
    };
    const options = { withinMs: 150, what: 'more', isWorthMore: () => true };

    it('waits longer', async () => {
      expect(await eventually(clock(), (ms) => ms >= 1_200, options)).to.be.at.least(1_200);
      const unworthy = { ...options, isWorthMore: (ended: number) => ended > 1_000 };
      expect(await errorOf(eventually(clock(), (ms) => ms >= 1_200, unworthy))).to.be.instanceOf(
        TimeoutError,
      );
    });

    it('but twenty times as long at most', async () => {
      const error = await errorOf(eventually(clock(), () => false, options));
      expect(error.message).to.match(/^waited 3,000 ms in vain for more \(\d+ observations\)/);
    });
  });

  it('returns the first observation that satisfies', async () => {
    expect(await eventually(counter(), (n) => n >= 4, { withinMs: 5_000, what: 'four' })).to.equal(4);
    expect(await eventually(counter(), () => true, { withinMs: 0, what: 'anything' })).to.equal(1);
  });

  it('looks often at first and more seldom later', async () => {
    const times: number[] = [];
    const observe = async (): Promise<number> => times.push(performance.now());
    await eventually(observe, (looks) => looks >= 12, { withinMs: 60_000, what: 'it', everyMs: 50 });
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...gaps.slice(0, 5)), 'one of the first pauses, on a busy machine').to.be.lessThan(45);
    expect(Math.min(...gaps.slice(-3)), 'the last ones').to.be.at.least(48);
  });

  it('quotes the last observation when time runs out', async () => {
    const job = async (): Promise<object> => ({ state: 'pending' });
    const error = await errorOf(eventually(job, () => false, { withinMs: 30, what: 'job 17 to end' }));
    expect(error)
      .to.be.instanceOf(TimeoutError)
      .and.to.include({ name: 'TimeoutError', what: 'job 17 to end' });
    expect(error.message).to.match(
      /^waited 30 ms in vain for job 17 to end \(\d+ observations\); last observation: \{"state":"pending"\}$/,
    );
    expect(error.cause).to.equal(undefined);
  });

  it('goes on after an error, and quotes the last one', async () => {
    let calls = 0;
    const flaky = async (): Promise<number> => {
      calls += 1;
      if (calls < 3) throw new Error('connection refused');
      return calls;
    };
    expect(await eventually(flaky, () => true, { withinMs: 5_000, what: 'an answer' })).to.equal(3);
    const broken = async (): Promise<number> => {
      throw new RangeError('always \u001b[31mso');
    };
    const error = await errorOf(eventually(broken, () => true, { withinMs: 20, what: 'an answer' }));
    expect(error.message).to.match(/; nothing was observed; last error: RangeError: always <ESC>\[31mso$/);
    expect(error.cause).to.be.instanceOf(RangeError);
  });

  it('takes an exception of the condition, or one thrown at once, for "not yet"', async () => {
    const error = await errorOf(
      eventually(counter(), () => JSON.parse('{') as boolean, { withinMs: 10, what: 'it' }),
    );
    expect(error.message).to.include('last error: SyntaxError');
    const thrower = (): Promise<number> => {
      throw new Error('no promise');
    };
    expect((await errorOf(eventually(thrower, () => true, { withinMs: 10, what: 'it' }))).message).to.include(
      'no promise',
    );
  });

  it('does not hang on an observation that does', async () => {
    let calls = 0;
    const observe = async (): Promise<number> => {
      calls += 1;
      return calls === 1 ? 1 : never();
    };
    const began = performance.now();
    const error = await errorOf(eventually(observe, () => false, { withinMs: 50, what: 'it' }));
    expect(performance.now() - began).to.be.at.least(45);
    expect(error.message).to.include('last observation: 1; last error: the last observation did not end');
  });

  it('counts an observation that began in time', async () => {
    const slow = async (): Promise<string> => {
      await sleep(25);
      return 'late';
    };
    expect(await eventually(slow, () => true, { withinMs: 20, what: 'it' })).to.equal('late');
  });

  it('observes at least twice even if the machine stood still', async () => {
    let calls = 0;
    const observe = async (): Promise<number> => {
      calls += 1;
      const until = performance.now() + (calls === 1 ? 60 : 0);
      while (performance.now() < until);
      return calls;
    };
    expect(await eventually(observe, (n) => n === 2, { withinMs: 20, what: 'it' })).to.equal(2);
  });

  it('bounds and defuses what it quotes', async () => {
    const hostile = async (): Promise<object> => ({
      text: '\u202e\u001b'.repeat(100_000),
      body: Buffer.alloc(5e6),
    });
    const error = await errorOf(eventually(hostile, () => false, { withinMs: 10, what: 'it' }));
    expect(error.message.length).to.be.lessThan(800);
    expect(error.message).not.to.include('\u202e').and.not.to.include('\u001b');
    const described = { withinMs: 10, what: 'it', describe: (n: number) => `number ${n}\u0007` };
    expect(
      (
        await errorOf(
          eventually(
            async () => 7,
            () => false,
            described,
          ),
        )
      ).message,
    ).to.include('number 7<U+0007>');
  });

  it('survives a description that fails', async () => {
    const describe = (): string => {
      throw new Error('no words');
    };
    const error = await errorOf(eventually(counter(), () => false, { withinMs: 5, what: 'it', describe }));
    expect(error.message).to.include('(cannot be described: no words)');
  });

  it('refuses a time that is none', async () => {
    for (const withinMs of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      expect(await errorOf(eventually(counter(), () => true, { withinMs, what: 'it' }))).to.be.instanceOf(
        RangeError,
      );
    }
  });
});

describe('throughout', () => {
  it('watches the whole window, its end included', async () => {
    const times: number[] = [];
    const began = performance.now();
    const observe = async (): Promise<number> => times.push(performance.now() - began);
    await throughout(observe, () => true, { windowMs: 60, what: 'it', everyMs: 500 });
    expect(times.length).to.be.within(2, 3);
    expect(times[0], 'with no pause before the first').to.be.lessThan(450);
    expect(times.at(-1)).to.be.at.least(60);
    await throughout(observe, () => true, { windowMs: 0, what: 'it' });
  });

  it('fails at the first observation that does not hold, and says when', async () => {
    const error = await errorOf(
      throughout(counter(), (n) => n < 3, {
        windowMs: 5_000,
        what: 'search not to find "login"',
        everyMs: 5,
      }),
    );
    expect(error).to.be.instanceOf(ViolationError).and.to.include({ observation: '3', windowMs: 5_000 });
    expect(error.message).to.match(
      /^expected search not to find "login" for 5,000 ms, but after \d+ ms observed 3$/,
    );
  });

  it('takes an observation that failed or hangs for no proof', async () => {
    const broken = async (): Promise<number> => {
      throw new Error('connection refused');
    };
    const failed = await errorOf(throughout(broken, () => true, { windowMs: 50, what: 'silence' }));
    expect(failed).to.be.instanceOf(ViolationError);
    expect(failed.message).to.match(/after \d+ ms it could not be observed: connection refused$/);
    expect(failed.cause).to.be.instanceOf(Error);
    const hanging = await errorOf(throughout(never, () => true, { windowMs: 20, what: 'silence' }));
    expect(hanging.message).to.include('the observation did not end');
  });

  it('leaves no rejection behind that nobody handles', async () => {
    let unhandled = 0;
    const note = (): void => {
      unhandled += 1;
    };
    process.on('unhandledRejection', note);
    const lateFailure = async (): Promise<number> => {
      await sleep(300);
      throw new Error('too late');
    };
    await errorOf(eventually(lateFailure, () => true, { withinMs: 1, what: 'it' }));
    await errorOf(throughout(lateFailure, () => true, { windowMs: 1, what: 'it' }));
    await sleep(120);
    process.off('unhandledRejection', note);
    expect(unhandled).to.equal(0);
  });
});
