import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Disturbances } from './disturbances';

describe('Disturbances', () => {
  it('remembers what was disturbed, and for how much of a time', async () => {
    const disturbances = new Disturbances();
    const beforeMs = performance.now();
    expect(disturbances.wasDisturbed(beforeMs)).to.equal(false);
    await disturbances.disturb('MongoDB is away', () => pause(20));
    const afterMs = performance.now();
    expect(disturbances.wasDisturbed(beforeMs)).to.equal(true);
    expect(disturbances.wasDisturbed(beforeMs, 'MongoDB is away')).to.equal(true);
    expect(disturbances.wasDisturbed(beforeMs, 'the vault is down')).to.equal(false);
    expect(disturbances.lastedMs('MongoDB is away', beforeMs, afterMs)).to.be.within(15, afterMs - beforeMs);
    expect(disturbances.lastedMs('MongoDB is away', afterMs)).to.equal(0);
    expect(disturbances.times('MongoDB is away')).to.equal(1);
    expect(disturbances.wasDisturbed(performance.now() + 1)).to.equal(false);
  });

  it('lets one disturbance last at a time, and be waited for', async () => {
    const disturbances = new Disturbances();
    const seen: string[] = [];
    const first = disturbances.disturb('the vault is down', async () => {
      await pause(10);
      seen.push('first');
    });
    const second = disturbances.disturb('MongoDB is away', async () => {
      seen.push('second');
    });
    await disturbances.untilOver();
    expect(seen).to.deep.equal(['first', 'second']);
    await Promise.all([first, second]);
  });

  it('ends a disturbance that fails', async () => {
    const disturbances = new Disturbances();
    const failing = disturbances.disturb('the vault is down', async () => {
      throw new Error('it did not start');
    });
    const failure = await failing.catch((error: Error) => error.message);
    expect(failure).to.equal('it did not start');
    await disturbances.untilOver();
    expect(disturbances.wasDisturbed(performance.now() + 1)).to.equal(false);
  });
});
