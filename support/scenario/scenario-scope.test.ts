import { afterEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { instantRangeOf } from '../bytes/instant';
import { ProviderScript } from '../provider/provider-script';
import { ScenarioScope } from './scenario-scope';

const PAYLOAD = Buffer.from('{}');

describe('what belongs to one scenario alone', () => {
  const provider = new ProviderScript('a-key');
  afterEach(() => provider.reset());
  const scope = (number: number, runId = '00000a'): ScenarioScope =>
    new ScenarioScope(provider, runId, number);

  it('is a day and ids that no other scenario of the run has', () => {
    const days = new Set<string>();
    const ids = new Set<string>();
    for (let number = 0; number < 500; number += 1) {
      days.add(scope(number).range.start);
      ids.add(scope(number).sourceId('login'));
    }
    expect([days.size, ids.size]).to.deep.equal([500, 500]);
    expect(scope(0, 'ffffff').sourceId('login')).not.to.equal(scope(0).sourceId('login'));
    expect(scope(3).range).to.deep.equal({ start: '2001-01-14T00:00:00Z', end: '2001-01-15T00:00:00Z' });
    expect(scope(3).at(1500)).to.equal('2001-01-14T00:00:01.500Z');
  });

  it('holds the logs it offers, under the names of the feature file', () => {
    const mine = scope(1);
    const log = mine.offer('failed login', { providerId: 'okta', payload: PAYLOAD });
    expect(log.sourceId).to.match(/^failed-login-/);
    expect(provider.offered).to.deep.equal([
      { providerId: 'okta', sourceId: log.sourceId, timestamp: log.timestamp, payload: PAYLOAD },
    ]);
    expect(mine.log('failed login')).to.equal(log);
    expect(() => mine.log('logout')).to.throw('the scenario has no log "logout"; name it in a Given first');
  });

  it('keeps the identity of a log that is offered anew, and all its versions', () => {
    const mine = scope(1);
    const first = mine.offer('login', { providerId: 'okta', payload: PAYLOAD });
    const second = mine.offer('login', { providerId: 'okta', payload: Buffer.from('[]') });
    expect(second).to.deep.equal({ ...first, payload: Buffer.from('[]') });
    expect(mine.versionsOf('login')).to.deep.equal([first, second]);
    expect(mine.logs).to.deep.equal([second]);
  });

  it('offers as many logs as it is told to, no two alike, all in its day', () => {
    const mine = scope(1);
    // More than a day has seconds.
    mine.offerMany(90_000, 'okta');
    const distinct = (pick: (log: (typeof mine.logs)[number]) => string): number =>
      new Set(mine.logs.map(pick)).size;
    expect([
      distinct(({ sourceId }) => sourceId),
      distinct(({ timestamp }) => timestamp),
      distinct(({ payload }) => payload.toString()),
    ]).to.deep.equal([90_000, 90_000, 90_000]);
    const { start, end } = mine.range;
    expect(provider.offeredIn('okta', instantRangeOf({ start, end }))).to.have.length(90_000);
  });
});
