import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Bell } from './bell';
import { concurrently } from './concurrently';

describe('concurrently', () => {
  it('does everything, no more than the limit at a time', async () => {
    let running = 0;
    let most = 0;
    const { results, failure } = await concurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await pause(2);
      running -= 1;
      return item * 2;
    });
    expect(failure).to.equal(undefined);
    expect([...results].sort((a, b) => a - b)).to.deep.equal([2, 4, 6, 8, 10, 12, 14]);
    expect(most).to.equal(3);
  });

  it('begins nothing after a failure, and awaits what has begun', async () => {
    const begun: number[] = [];
    const { results, failure } = await concurrently([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      await pause(item === 1 ? 1 : 15);
      if (item === 1) throw new Error('first');
      return item;
    });
    expect(failure?.error).to.be.instanceOf(Error);
    expect(begun).to.deep.equal([1, 2]);
    expect(results).to.deep.equal([2]);
  });
});

describe('a bell', () => {
  it('wakes who waits, keeps one ring, and gives up after a while', async () => {
    const bell = new Bell();
    setTimeout(() => bell.ring(), 5);
    await bell.rung(60_000);
    bell.ring();
    await bell.rung(60_000);
    const startedAt = performance.now();
    await bell.rung(20);
    expect(performance.now() - startedAt).to.be.at.least(15);
  });
});
