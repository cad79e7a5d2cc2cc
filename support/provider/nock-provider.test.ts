import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { expect } from 'chai';
import got, { type Got, RequestError } from 'got';
import { NockProvider } from './nock-provider';
import type { OfferedLog } from './offered-log';
import { ProviderScript } from './provider-script';

const BASE_URL = 'http://provider.audit-vault.test';
const PAYLOAD = Buffer.concat([Buffer.from('{"a":1.0,\r\n"b":"\u2028"}'), Buffer.from([0xff, 0x00])]);

describe('the provider in-process', () => {
  const script = new ProviderScript('a-key');
  const provider = new NockProvider(script, BASE_URL);
  const local = createServer((_, response) => response.end('local'));
  let http: Got;
  before(async () => {
    local.listen(0, '127.0.0.1');
    await once(local, 'listening');
    provider.open();
    http = got.extend({
      prefixUrl: BASE_URL,
      headers: { authorization: 'Bearer a-key' },
      retry: { limit: 0 },
      throwHttpErrors: false,
      responseType: 'buffer',
    });
  });
  after(() => {
    provider.close();
    local.close();
  });
  afterEach(() => {
    script.reset();
    provider.reset();
  });

  const offer = (more: Partial<OfferedLog> = {}): OfferedLog =>
    script.offer({
      providerId: 'okta',
      sourceId: 'evt 1',
      timestamp: '2026-01-01T12:00:00Z',
      payload: PAYLOAD,
      ...more,
    });
  const payload = async (): Promise<Buffer> => (await http('okta/logs/evt%201')).rawBody;
  const list = async (): Promise<void> => {
    await http('okta/logs?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z');
  };
  const codeOf = async (call: Promise<unknown>): Promise<string> => {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error instanceof RequestError ? error.code : 'no error';
  };

  it('answers from the script, byte for byte', async () => {
    offer();
    const { statusCode, headers, rawBody } = await http('okta/logs/evt%201');
    expect(statusCode).to.equal(200);
    expect(headers).to.include({
      'content-type': 'application/json',
      'content-length': String(PAYLOAD.byteLength),
    });
    expect(rawBody).to.deep.equal(PAYLOAD);
    expect((await http('health', { headers: { authorization: 'Bearer another' } })).statusCode).to.equal(401);
  });

  it('sends chunks without a length, and gzip that the caller undoes', async () => {
    offer({ delivery: { chunkBytes: 3, gzip: true } });
    const { headers, rawBody, body } = await http('okta/logs/evt%201');
    expect(headers['content-length']).to.equal(undefined);
    expect(body).to.deep.equal(PAYLOAD);
    expect(rawBody).to.deep.equal(PAYLOAD);
  });

  it('resets a connection, before an answer and in the middle of one', async () => {
    offer();
    script.arm({ kind: 'payload' }, { kind: 'reset' }, 1);
    expect(await codeOf(payload())).to.equal('ECONNRESET');
    script.arm({ kind: 'payload' }, { kind: 'short-body' }, 1);
    expect(await codeOf(payload())).to.equal('ECONNRESET');
    expect(await payload()).to.deep.equal(PAYLOAD);
  });

  it('stays silent until it is healed, and leaves nothing that fails after its caller gave up', async () => {
    offer();
    script.arm({ kind: 'payload' }, { kind: 'silence' }, 1);
    const code = await codeOf(http('okta/logs/evt%201', { timeout: { request: 20 } }));
    expect(code).to.equal('ETIMEDOUT');
    script.heal();
    expect(await payload()).to.deep.equal(PAYLOAD);
  });

  it('keeps strangers away and tells of them, but lets 127.0.0.1 pass', async () => {
    const { port } = local.address() as AddressInfo;
    expect(await got(`http://127.0.0.1:${port}/`).text()).to.equal('local');
    expect(await codeOf(got('http://stranger.test/path', { retry: { limit: 0 } }))).not.to.equal('no error');
    expect(provider.findings()).to.deep.equal([
      'the vault called stranger.test:80/path, which is not its provider',
    ]);
    provider.reset();
    expect(provider.findings()).to.deep.equal([]);
  });

  it('finds a provider that was offered and never asked for its logs', async () => {
    offer();
    offer({ providerId: 'github' });
    await list();
    expect(provider.findings()).to.deep.equal([
      `the scenario offers logs, but the vault never asked for them: GET ${BASE_URL}/github/logs`,
    ]);
    provider.reset();
    expect(provider.findings()).to.deep.equal([]);
  });

  it('answers for a new scenario, however many there were before', async () => {
    for (const sourceId of ['evt 1', 'evt 1']) {
      offer({ sourceId });
      await list();
      expect(await payload()).to.deep.equal(PAYLOAD);
      expect(provider.findings()).to.deep.equal([]);
      script.reset();
      provider.reset();
    }
  });
});
