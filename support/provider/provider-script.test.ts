import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checksumOf } from '../bytes/checksum';
import type { OfferedLog } from './offered-log';
import { contentDigestOf, type ProviderAnswer, reset, whole } from './provider-answer';
import type { ProviderFault } from './provider-faults';
import { ProviderScript } from './provider-script';

const KEY = 'a-key';
const PAYLOAD = Buffer.from('{"a":1.0}');
const DAY = 'start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z';
const LISTING = `/okta/logs?${DAY}`;

describe('what a provider offers and how it misbehaves', () => {
  const scriptWith = (...logs: readonly Partial<OfferedLog>[]): ProviderScript => {
    const script = new ProviderScript(KEY);
    for (const log of logs) {
      script.offer({
        providerId: 'okta',
        sourceId: 'evt-1',
        timestamp: '2026-01-01T12:00:00Z',
        payload: PAYLOAD,
        ...log,
      });
    }
    return script;
  };
  const ask = async (script: ProviderScript, target: string, key = KEY): Promise<ProviderAnswer> =>
    await script.answer({ target, headers: { authorization: `Bearer ${key}` } });
  const listed = (
    answer: ProviderAnswer,
  ): { readonly ids: readonly string[]; readonly next: string | null } => {
    const { logs, next_cursor } = JSON.parse(answer.body.toString()) as {
      readonly logs: readonly { readonly id: string }[];
      readonly next_cursor: string | null;
    };
    return { ids: logs.map(({ id }) => id), next: next_cursor };
  };

  describe('lists', () => {
    it('page after page, by cursors that have to be encoded', async () => {
      const script = scriptWith(...['a', 'b', 'c'].map((sourceId) => ({ sourceId })));
      script.pageLogs = 2;
      const first = listed(await ask(script, LISTING));
      expect(first.ids).to.deep.equal(['a', 'b']);
      expect(encodeURIComponent(first.next ?? '')).not.to.equal(first.next);
      const second = listed(await ask(script, `${LISTING}&cursor=${encodeURIComponent(first.next ?? '')}`));
      expect(second).to.deep.equal({ ids: ['c'], next: null });
      expect((await ask(script, `${LISTING}&cursor=mine`)).status).to.equal(400);
    });

    it('the logs of the range alone, its start included and its end not, by the instant', async () => {
      const script = scriptWith(
        { sourceId: 'before', timestamp: '2025-12-31T23:59:59.999Z' },
        { sourceId: 'start', timestamp: '2026-01-01T01:00:00+01:00' },
        { sourceId: 'end', timestamp: '2026-01-02T00:00:00Z' },
        { sourceId: 'late', timestamp: '2020-01-01T00:00:00Z', listedAt: '2026-01-01T12:00:00Z' },
        { sourceId: 'elsewhere', providerId: 'github' },
      );
      expect(listed(await ask(script, LISTING)).ids).to.deep.equal(['start', 'late']);
      expect((await ask(script, '/okta/logs?start=yesterday&end=today')).status).to.equal(400);
      expect((await ask(script, '/okta/logs')).status).to.equal(400);
    });

    it('a log as often as it is meant to be named, with the timestamp as it was written', async () => {
      const timestamp = '2026-01-01T12:00:00.5+02:00';
      const answer = await ask(scriptWith({ listedTimes: 2, timestamp }), LISTING);
      expect(JSON.parse(answer.body.toString())).to.deep.equal({
        logs: [
          { id: 'evt-1', timestamp },
          { id: 'evt-1', timestamp },
        ],
        next_cursor: null,
      });
    });
  });

  it('is found below the path of its address, and nowhere else', async () => {
    const script = scriptWith({});
    script.basePath = '/api/v2';
    expect(listed(await ask(script, `/api/v2${LISTING}`)).ids).to.deep.equal(['evt-1']);
    expect((await ask(script, '/api/v2/okta/logs/evt-1')).body).to.deep.equal(PAYLOAD);
    expect((await ask(script, LISTING)).status).to.equal(404);
    expect((await ask(script, `/api/v21${LISTING}`)).status).to.equal(404);
    expect(script.requests.map(({ kind }) => kind)).to.deep.equal([
      'listing',
      'payload',
      'unknown',
      'unknown',
    ]);
    script.reset();
    expect((await ask(script, LISTING)).status).to.equal(200);
  });

  it('counts as tries what came to the first success, and nothing after it', async () => {
    const script = scriptWith({});
    script.arm({ kind: 'listing' }, { kind: 'status', status: 503 }, 1);
    for (let call = 0; call < 3; call += 1) await ask(script, LISTING);
    expect(script.triesOf({ kind: 'listing' }).map(({ answer }) => answer)).to.deep.equal([
      '503 (503)',
      '200',
    ]);
  });

  it('answers without a body where the digest of a whole one stands', async () => {
    const script = scriptWith({});
    script.arm({ kind: 'payload' }, { kind: 'emptied-body' }, 1);
    const { body, headers } = await ask(script, '/okta/logs/evt-1');
    expect([body.byteLength, headers['content-digest']]).to.deep.equal([0, contentDigestOf(PAYLOAD)]);
  });

  describe('serves', () => {
    it('the bytes of a log, and remembers what it served', async () => {
      const script = scriptWith({ sourceId: 'evt/1 é' });
      const answer = await ask(script, `/okta/logs/${encodeURIComponent('evt/1 é')}`);
      expect(answer).to.deep.include({ status: 200, body: PAYLOAD, delivery: whole });
      expect(script.served).to.deep.equal([
        { providerId: 'okta', sourceId: 'evt/1 é', checksum: checksumOf(PAYLOAD), bytes: PAYLOAD.byteLength },
      ]);
      expect((await ask(script, '/okta/logs/other')).status).to.equal(404);
      expect((await ask(script, '/okta/nothing')).status).to.equal(404);
    });

    it('the latest version of a log, and remembers every one that it offered', async () => {
      const script = scriptWith({}, { payload: Buffer.from('new') });
      expect((await ask(script, '/okta/logs/evt-1')).body.toString()).to.equal('new');
      expect(script.everOffered.map(({ payload }) => payload.toString())).to.deep.equal(['{"a":1.0}', 'new']);
      expect(script.offered.length).to.equal(1);
    });

    it('as its delivery wants it', async () => {
      const delivery = { gzip: true, chunkBytes: 3, paceMs: 5, contentDigest: true };
      const script = scriptWith({ delivery });
      const { headers, body, delivery: sent } = await ask(script, '/okta/logs/evt-1');
      expect(gunzipSync(body)).to.deep.equal(PAYLOAD);
      expect(headers).to.include({ 'content-encoding': 'gzip', 'content-digest': contentDigestOf(body) });
      expect(sent).not.to.equal(whole);
      // It is not compressed anew while somebody waits.
      expect((await ask(script, '/okta/logs/evt-1')).body).to.equal(body);
    });
  });

  it('turns a wrong key away, whatever is asked, and notes it', async () => {
    const script = scriptWith({});
    for (const target of ['/health', LISTING, '/okta/logs/evt-1']) {
      expect((await ask(script, target, 'wrong')).status).to.equal(401);
    }
    expect((await ask(script, '/health')).status).to.equal(200);
    expect(script.requests.map(({ authorized }) => authorized)).to.deep.equal([false, false, false, true]);
    expect(script.served).to.deep.equal([]);
  });

  describe('with a fault armed', () => {
    const struckBy = async (fault: ProviderFault): Promise<ProviderAnswer> => {
      const script = scriptWith({});
      script.arm({ kind: 'payload' }, fault, 1);
      const answer = await ask(script, '/okta/logs/evt-1');
      expect(script.unfired()).to.deep.equal([]);
      // Nothing whole was given, so nothing of it may be stored.
      expect(script.served).to.deep.equal([]);
      return answer;
    };

    it('answers as the fault says', async () => {
      const status = await struckBy({ kind: 'status', status: 429, retryAfter: '2', body: 'slow' });
      expect(status).to.deep.include({ status: 429, body: Buffer.from('slow') });
      expect(status.headers).to.include({ 'retry-after': '2' });
      const redirect = await struckBy({ kind: 'status', status: 302, location: '/okta/logs/evt-2' });
      expect(redirect.headers).to.include({ location: '/okta/logs/evt-2' });
      expect(await struckBy({ kind: 'reset' })).to.equal(reset);
      expect((await struckBy({ kind: 'listing-text', text: 'none' })).body.toString()).to.equal('none');
    });

    it('spoils a payload so that its headers give it away', async () => {
      const short = await struckBy({ kind: 'short-body' });
      expect(short.headers['content-length']).to.equal(String(PAYLOAD.byteLength));
      expect(short.body.byteLength).to.be.lessThan(PAYLOAD.byteLength);
      const corrupt = await struckBy({ kind: 'corrupt-body' });
      expect(corrupt.body.byteLength).to.equal(PAYLOAD.byteLength);
      expect(corrupt.body).not.to.deep.equal(PAYLOAD);
      expect(corrupt.headers['content-digest']).to.equal(contentDigestOf(PAYLOAD));
    });

    it('strikes by what a call is about, the range by its instants', async () => {
      const script = scriptWith({}, { sourceId: 'evt-2' }, { providerId: 'github' });
      const fault: ProviderFault = { kind: 'status', status: 500 };
      script.arm({ kind: 'payload', providerId: 'okta', sourceId: 'evt-2' }, fault, 1);
      const range = { start: '2026-01-01T01:00:00+01:00', end: '2026-01-02T00:00:00.000Z' };
      script.arm({ kind: 'listing', range }, fault, 1);
      const statuses: number[] = [];
      for (const target of [
        '/github/logs/evt-1',
        '/okta/logs/evt-1',
        '/okta/logs/evt-2',
        '/okta/logs?start=2026-01-01T00:00:00Z&end=2026-01-01T12:00:00Z',
        LISTING,
        LISTING,
      ]) {
        statuses.push((await ask(script, target)).status);
      }
      expect(statuses).to.deep.equal([200, 200, 500, 200, 500, 200]);
    });

    it('is not met by a call with a wrong key', async () => {
      const script = scriptWith({});
      script.arm({ kind: 'health' }, { kind: 'status', status: 503 }, 1);
      expect((await ask(script, '/health', 'wrong')).status).to.equal(401);
      expect(script.unfired()).to.deep.equal(['provider: 503 to a health call']);
    });

    it('holds an answer back until it is healed, and says how it was answered', async () => {
      const script = scriptWith({});
      script.arm({ kind: 'payload', sourceId: 'evt-1' }, { kind: 'hold' }, 1);
      const answer = ask(script, '/okta/logs/evt-1');
      expect({ inFlight: script.inFlight, answer: script.requests[0]?.answer }).to.deep.equal({
        inFlight: 1,
        answer: 'pending',
      });
      script.heal();
      expect((await answer).status).to.equal(200);
      expect(script.inFlight).to.equal(0);
      expect(script.requests[0]?.answer).to.equal('200 (an answer held back until released)');
    });

    it('stays silent until it is healed', async () => {
      const script = scriptWith({});
      script.arm({ kind: 'payload' }, { kind: 'silence' }, 1);
      const answer = await ask(script, '/okta/logs/evt-1');
      const sent = answer.delivery.inProcess(answer);
      expect(await Promise.race([sent, 'still silent'])).to.equal('still silent');
      script.heal();
      await sent;
    });
  });

  it('forgets everything for the next scenario', async () => {
    const script = scriptWith({});
    script.pageLogs = 1;
    script.arm({ kind: 'health' }, { kind: 'reset' }, 1);
    await ask(script, LISTING);
    await ask(script, '/okta/logs/evt-1');
    script.reset();
    const { requests, served, listings, offered, everOffered, pageLogs } = script;
    expect([requests, served, listings, offered, everOffered, script.unfired()].flat()).to.deep.equal([]);
    expect(pageLogs).to.equal(100);
    expect((await ask(script, '/health')).status).to.equal(200);
  });
});
