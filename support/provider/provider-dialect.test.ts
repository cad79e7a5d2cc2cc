import { describe, it } from 'node:test';
import { expect } from 'chai';
import { NotOfThisShape } from '../profile/not-of-this-shape';
import { profileIn } from '../profile/read-profile';
import { inlinePayload } from './inline-payload';
import { ProviderDialect } from './provider-dialect';
import { ProviderScript } from './provider-script';

const KEY = 'a-key';
const OKTA = `provider:
  authorization: { value: "SSWS {key}" }
  listing:
    path: "/{provider_id}/api/v1/logs?since={start}&until={end}&after={cursor}&limit=100"
    logs: "."
    id: uuid
    timestamp: published
    next: { link: next }
  payload: inline
  health: { path: /api/v1/users/me, ok: 204 }
`;
const dialectOf = (text: string): ProviderDialect =>
  new ProviderDialect(profileIn(text, 'p.yaml', []).provider);

describe('a provider in another dialect', () => {
  const script = new ProviderScript(KEY, dialectOf(OKTA));
  const ask = async (target: string, key = `SSWS ${KEY}`) =>
    await script.answer({ target, headers: { authorization: key, host: 'here:1' } });
  const LISTING = '/okta/api/v1/logs?since=2026-01-01T00%3A00%3A00Z&until=2026-01-02T00%3A00%3A00Z';

  it('lists payloads as they are, and leads on by a link that is taken as it is', async () => {
    script.pageLogs = 1;
    for (const id of ['evt-1', 'evt-2']) {
      const payload = Buffer.from('\n{ "n" : 1.10, "uuid": "own" }\n');
      script.offer({ providerId: 'okta', sourceId: id, timestamp: '2026-01-01T12:00:00Z', payload });
    }
    const first = await ask(LISTING);
    expect(first.body.toString()).to.equal(
      '[{"uuid":"evt-1","published":"2026-01-01T12:00:00Z", "n" : 1.10, "_uuid": "own" }]',
    );
    const link = /^<http:\/\/here:1(\/[^>]+)>; rel="next"$/.exec(first.headers.link ?? '')?.[1] ?? '';
    const second = await ask(link);
    expect(second.body.toString()).to.contain('evt-2');
    expect(second.headers).not.to.have.property('link');
    expect(script.served.map(({ sourceId }) => sourceId)).to.deep.equal(['evt-1', 'evt-2']);
  });

  it('turns another key away, and confirms its own as it does', async () => {
    expect((await ask('/api/v1/users/me')).status).to.equal(204);
    expect((await ask('/api/v1/users/me', `Bearer ${KEY}`)).status).to.equal(401);
    expect((await ask('/okta/logs')).status).to.equal(404);
  });

  it('tells calls of one path apart by their queries', async () => {
    const dialect = dialectOf(
      'provider: { listing: { path: "/e?p={provider_id}&s={start}&e={end}&c={cursor}" }, payload: "/e?p={provider_id}&id={id}" }',
    );
    const kindOf = (target: string): string =>
      dialect.requestOf({ target, headers: {} }, '', { own: KEY, tested: undefined }).kind;
    const range = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };
    const listing = { kind: 'listing', providerId: 'okta', range } as const;
    expect(kindOf(dialect.addressOf(listing))).to.equal('listing');
    expect(kindOf(dialect.addressOf(listing, 'c-2'))).to.equal('listing');
    expect(kindOf(dialect.addressOf({ kind: 'payload', providerId: 'okta', sourceId: 'evt-1' }))).to.equal(
      'payload',
    );
  });

  it('leads on by an address that a Link header can hold, whatever the template has', async () => {
    const odd = `provider:
  listing: { path: "/{provider_id}/e?q=time>={start};time<{end} or x&c={cursor}", logs: ".", next: { link: next } }`;
    const provider = new ProviderScript(KEY, dialectOf(odd));
    provider.pageLogs = 1;
    for (const sourceId of ['1', '2'])
      provider.offer({
        providerId: 'p',
        sourceId,
        timestamp: '2026-01-01T12:00:00Z',
        payload: Buffer.from('{}'),
      });
    const q = encodeURIComponent('time>=2026-01-01T00:00:00Z;time<2026-01-02T00:00:00Z or x');
    const call = { headers: { authorization: `Bearer ${KEY}`, host: 'here:1' } };
    const first = await provider.answer({ ...call, target: `/p/e?q=${q}` });
    const link = /^<http:\/\/here:1(\/[^<>" ]+)>; rel="next"$/.exec(first.headers.link ?? '')?.[1];
    const second = await provider.answer({ ...call, target: link ?? 'none' });
    expect([first.body.toString(), second.body.toString()].join()).to.match(/"id":"1".*"id":"2"/);
  });

  it('names a listing that nobody asked for, whatever its path needs', () => {
    const dialect = dialectOf(
      'provider: { listing: { path: "/{provider_id}/{start}/{end}/logs?c={cursor}" } }',
    );
    expect(dialect.listingPath('a b')).to.equal('/a%20b/{start}/{end}/logs');
    expect(dialectOf(OKTA).listingPath('okta')).to.equal('/okta/api/v1/logs');
  });

  it('has no calls and no faults of another', () => {
    const log = { providerId: 'okta', sourceId: 'x', timestamp: '2026-01-01T12:00:00Z' };
    const impossible = [
      () => script.arm({ kind: 'payload' }, { kind: 'reset' }, 1),
      () => script.arm({ kind: 'health' }, { kind: 'status', status: 200 }, 1),
      () => script.arm({ kind: 'listing' }, { kind: 'broken-listing', how: 'a list alone' }, 1),
      () => script.arm({ kind: 'listing' }, { kind: 'broken-listing', how: 'a cursor that is a number' }, 1),
      () => script.offer({ ...log, payload: Buffer.from('plain text') }),
      () => script.offer({ ...log, payload: Buffer.from('{}'), delivery: { gzip: true } }),
    ];
    for (const attempt of impossible) expect(attempt).to.throw(NotOfThisShape);
  });

  it('spoils its listings in its own words', () => {
    const dialect = dialectOf(
      'provider: { listing: { path: "/v/{provider_id}?s={start}&e={end}&c={cursor}", logs: data.items, id: event.id, timestamp: at, next: paging.next } }',
    );
    expect(dialect.brokenListing('an id that is a number')).to.equal(
      '{"data":{"items":[{"event":{"id":1},"at":"2026-01-01T12:00:00Z"}]},"paging":{"next":null}}',
    );
    expect(dialect.brokenListing('no logs member')).to.equal('{"paging":{"next":null}}');
    expect(() => JSON.parse(dialect.brokenListing('JSON cut off'))).to.throw();
  });
});

describe('a payload that lies in a listing', () => {
  const at = { id: 'event.id', timestamp: 'event.time' };
  const log = { sourceId: 'evt "1"', timestamp: '2026-01-01T12:00:00Z' };
  const sent = (text: string): string => inlinePayload({ ...log, payload: Buffer.from(text) }, at).toString();
  const head = '{"event":{"id":"evt \\"1\\"","time":"2026-01-01T12:00:00Z"}';

  it('tells id and timestamp, and keeps every other byte', () => {
    expect(sent('{}')).to.equal(`${head}}`);
    expect(sent(' {"a":[{"event":1}],\r\n"\\u0065vent" : "event"} ')).to.equal(
      `${head},"a":[{"event":1}],\r\n"_\\u0065vent" : "event"}`,
    );
    expect(sent(sent('{"a":1}'))).to.equal(sent('{"a":1}'));
  });

  it('is not sent by the gigabyte where its log is listed again and again', () => {
    const listed = (bytes: number): number | undefined =>
      dialectOf(OKTA).asSent({
        ...log,
        providerId: 'okta',
        payload: Buffer.from(JSON.stringify({ a: 'x'.repeat(bytes) })),
        listedTimes: 1_100,
      }).listedTimes;
    expect([listed(10), listed(100_000), listed(10_000_000)]).to.deep.equal([1_100, 41, 2]);
  });

  it('cannot be nested so deep that a parser of listings may not take it', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
    expect(sent(nested(48))).to.have.length.above(48);
    expect(() => sent(nested(49))).to.throw(NotOfThisShape, 'nests more than 48 deep');
  });

  for (const text of ['null', '[1]', '"x"', '', '\uFEFF{}', '{"a":1', 'plain']) {
    it(`cannot be ${JSON.stringify(text)}`, () => {
      expect(() => sent(text)).to.throw(NotOfThisShape);
    });
  }
});
