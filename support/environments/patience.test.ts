import { describe, it } from 'node:test';
import { expect } from 'chai';
import { TimeoutError } from '../assertions/eventually';
import { Patience } from './patience';

describe('patience', () => {
  const patienceOf = (jobMs = 40_000, workDone = () => 0): Patience =>
    new Patience({ answerMs: 30_000, jobMs, neverMs: 1_000, leastJobMs: 6_000, workDone });
  const limitsOf = ({ jobMs, answerMs }: Patience): readonly number[] => [jobMs, answerMs];

  it('halves with every wait in vain, down to what a job takes at worst and to what an answer may', () => {
    const patience = patienceOf();
    const seen = [limitsOf(patience)];
    for (let wait = 1; wait <= 4; wait += 1) {
      patience.ranOut(performance.now());
      seen.push(limitsOf(patience));
    }
    expect(seen).to.deep.equal([
      [40_000, 30_000],
      [20_000, 15_000],
      [10_000, 15_000],
      [6_000, 15_000],
      [6_000, 15_000],
    ]);
    expect(patience.neverMs).to.equal(1_000);
  });

  it('never grows, even where it was less than the least', () => {
    const patience = patienceOf(100);
    patience.ranOut(performance.now());
    expect(patience.jobMs).to.equal(100);
  });

  it('counts waits that ran out at the same time once', () => {
    const patience = patienceOf();
    const sinceMs = performance.now();
    patience.ranOut(sinceMs);
    patience.ranOut(sinceMs);
    expect(patience.jobMs).to.equal(20_000);
  });

  it('is used up by three minutes in vain', () => {
    const patience = patienceOf();
    patience.ranOut(performance.now() - 179_000);
    expect(patience.isUsedUp).to.equal(false);
    patience.ranOut(performance.now() - 2_000);
    expect(patience.isUsedUp, 'a wait that began before the last one ran out').to.equal(false);
    const again = patienceOf();
    again.ranOut(performance.now() - 181_000);
    expect(again.isUsedUp).to.equal(true);
  });

  it('wears when what it waits for does not come, and says so the next time', async () => {
    const patience = patienceOf(20);
    const wait = async (withinMs?: number): Promise<string> => {
      try {
        await patience.eventually(
          async () => 'pending',
          (state) => state === 'completed',
          { what: 'job 1 to end', withinMs },
        );
      } catch (error) {
        if (error instanceof TimeoutError) return error.message;
      }
      return 'no TimeoutError';
    };
    expect(await wait()).to.match(/^waited \d+ ms in vain for job 1 to end \(/);
    patience.lose();
    expect(await wait(10_000)).to.match(
      /^waited 1 ms in vain for job 1 to end, less patiently after earlier waits in vain \(/,
    );
  });

  it('waits on while the vault gets something done, twenty times as long at most, and never beyond a bound of its own', async () => {
    const waitFor = async (workDone: () => number): Promise<string | undefined> => {
      const lastingLong = patienceOf(100, workDone).eventually(
        async () => 'processing',
        () => false,
        { what: 'job 1 to end', everyMs: 5 },
      );
      return await lastingLong.catch((error: Error) => error.message);
    };
    let done = 0;
    expect(
      await waitFor(() => {
        done += 1;
        return done;
      }),
    ).to.match(/^waited 2,000 ms in vain/);
    const bounded = patienceOf(60_000, () => performance.now()).eventually(
      async () => 'processing',
      () => false,
      { what: 'job 1 to end', withinMs: 100 },
    );
    expect(await bounded.catch((error: Error) => error.message)).to.match(/^waited 100 ms in vain/);
    expect(await waitFor(() => 7)).to.match(/^waited [1-9]00 ms in vain/);
  });

  it('does not wear by what comes in time', async () => {
    const patience = patienceOf();
    let asked = 0;
    const seen = await patience.eventually(
      async () => {
        asked += 1;
        return asked;
      },
      (times) => times === 2,
      { what: 'the second look' },
    );
    expect(seen).to.equal(2);
    expect(patience.jobMs).to.equal(40_000);
  });
});
