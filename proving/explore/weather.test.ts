import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Weather } from './weather';

describe('Weather', () => {
  it('remembers what was disturbed, and for how much of a time', async () => {
    const weather = new Weather();
    const beforeMs = performance.now();
    expect(weather.wasDisturbed(beforeMs)).to.equal(false);
    await weather.disturb('MongoDB is away', () => pause(20));
    const afterMs = performance.now();
    expect(weather.wasDisturbed(beforeMs)).to.equal(true);
    expect(weather.wasDisturbed(beforeMs, 'MongoDB is away')).to.equal(true);
    expect(weather.wasDisturbed(beforeMs, 'the vault is down')).to.equal(false);
    expect(weather.lastedMs('MongoDB is away', beforeMs, afterMs)).to.be.within(15, afterMs - beforeMs);
    expect(weather.lastedMs('MongoDB is away', afterMs)).to.equal(0);
    expect(weather.times('MongoDB is away')).to.equal(1);
    expect(weather.wasDisturbed(performance.now() + 1)).to.equal(false);
  });

  it('lets one disturbance last at a time, and be waited for', async () => {
    const weather = new Weather();
    const seen: string[] = [];
    const first = weather.disturb('the vault is down', async () => {
      await pause(10);
      seen.push('first');
    });
    const second = weather.disturb('MongoDB is away', async () => {
      seen.push('second');
    });
    await weather.calm();
    expect(seen).to.deep.equal(['first', 'second']);
    await Promise.all([first, second]);
  });

  it('ends a disturbance that fails', async () => {
    const weather = new Weather();
    const failing = weather.disturb('the vault is down', async () => {
      throw new Error('it did not start');
    });
    const failure = await failing.catch((error: Error) => error.message);
    expect(failure).to.equal('it did not start');
    await weather.calm();
    expect(weather.wasDisturbed(performance.now() + 1)).to.equal(false);
  });
});
