import { randomBytes } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import got from 'got';
import { SuiteError } from '../bytes/errors';
import { callAndHangUp } from '../faults/hung-up-call-fixture';
import { HttpProvider } from './http-provider';
import type { OfferedLog } from './offered-log';
import { contentDigestOf } from './provider-answer';
import { ProviderScript } from './provider-script';

const KEY = 'a-key';
const RANGE = 'start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z';
const PAYLOAD = Buffer.concat([Buffer.from('{"a":1.0,\r\n"b":"\u2028"}'), Buffer.from([0xff, 0x00])]);
const LARGE = randomBytes(700_000);

/** An answer as its caller sees it: its bytes, and the error that ended it. */
interface Seen {
  readonly status?: number;
  readonly headers?: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly error?: string;
}

describe('the provider on the wire', () => {
  const script = new ProviderScript(KEY);
  let provider: HttpProvider;
  const agent = new Agent({ keepAlive: true });
  before(async () => {
    provider = await HttpProvider.open(script);
  });
  after(async () => {
    agent.destroy();
    await provider.close();
  });
  afterEach(() => {
    script.reset();
    provider.reset();
  });

  const offer = (more: Partial<OfferedLog> = {}): OfferedLog => {
    const log = {
      providerId: 'okta',
      sourceId: 'evt 1',
      timestamp: '2026-01-01T12:00:00Z',
      payload: PAYLOAD,
      ...more,
    };
    script.offer(log);
    return log;
  };
  /** By Node's own client, undecoded. */
  const ask = async (
    target: string,
    options: { readonly method?: string; readonly signal?: AbortSignal } = {},
  ) =>
    await new Promise<Seen>((resolve) => {
      const parts: Buffer[] = [];
      const call = request(`${provider.baseUrl}${target}`, {
        agent,
        headers: { authorization: `Bearer ${KEY}` },
        ...options,
      });
      call.once('error', ({ message }) => resolve({ body: Buffer.concat(parts), error: message }));
      call.once('response', (response) => {
        const seen = { status: response.statusCode ?? 0, headers: response.headers };
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('end', () => resolve({ ...seen, body: Buffer.concat(parts) }));
        response.once('error', ({ message }) =>
          resolve({ ...seen, body: Buffer.concat(parts), error: message }),
        );
      });
      call.end();
    });
  /** Every call has arrived and been ended. */
  const untilIdle = async (): Promise<void> => {
    for (let tries = 0; tries < 2_000 && (script.requests.length === 0 || provider.inFlight > 0); tries += 1)
      await pause(5);
    expect(provider.inFlight).to.equal(0);
  };
  const payload = async (signal?: AbortSignal) =>
    await ask('/okta/logs/evt%201', signal === undefined ? {} : { signal });

  it('sends a payload whole, with its length, and notes when it was asked', async () => {
    offer();
    const before = performance.now();
    const { status, headers, body } = await payload();
    expect({ status, length: headers?.['content-length'], type: headers?.['content-type'] }).to.deep.equal({
      status: 200,
      length: String(PAYLOAD.byteLength),
      type: 'application/json',
    });
    expect(body).to.deep.equal(PAYLOAD);
    const [asked] = script.requests;
    expect(asked).to.include({ kind: 'payload', providerId: 'okta', sourceId: 'evt 1', authorized: true });
    expect(asked?.arrivedMs).to.be.within(before, asked?.answeredMs ?? 0);
  });

  it('sends an empty payload', async () => {
    for (const delivery of [{}, { chunkBytes: 10 }]) {
      offer({ payload: Buffer.alloc(0), delivery });
      expect(await payload()).to.deep.include({ status: 200, body: Buffer.alloc(0) });
    }
  });

  it('pages a listing', async () => {
    script.pageLogs = 1;
    offer();
    offer({ sourceId: 'evt-2' });
    const first = await got(`${provider.baseUrl}/okta/logs?${RANGE}`, {
      headers: { authorization: `Bearer ${KEY}` },
    }).json<{ readonly logs: readonly unknown[]; readonly next_cursor: string }>();
    const second = await ask(`/okta/logs?${RANGE}&cursor=${encodeURIComponent(first.next_cursor)}`);
    expect(first.logs).to.have.length(1);
    expect(JSON.parse(second.body.toString())).to.deep.equal({
      logs: [{ id: 'evt-2', timestamp: '2026-01-01T12:00:00Z' }],
      next_cursor: null,
    });
    expect(provider.findings()).to.deep.equal([]);
  });

  it('compresses in transport, with a digest of what is sent', async () => {
    offer({ payload: LARGE, delivery: { gzip: true, contentDigest: true } });
    const { headers, body } = await payload();
    expect(gunzipSync(body)).to.deep.equal(LARGE);
    expect(headers).to.include({ 'content-encoding': 'gzip', 'content-length': String(body.byteLength) });
    expect(headers?.['content-digest']).to.equal(contentDigestOf(body));
  });

  it('sends chunks at a pace, without a length', async () => {
    offer({ payload: LARGE, delivery: { chunkBytes: 350_000, paceMs: 60 } });
    const started = performance.now();
    const { headers, body } = await payload();
    expect(performance.now() - started).to.be.at.least(58);
    expect(headers?.['content-length']).to.equal(undefined);
    expect(headers?.['transfer-encoding']).to.equal('chunked');
    expect(body).to.deep.equal(LARGE);
  });

  it('breaks off a body that is shorter than announced', async () => {
    for (const bytes of [LARGE, Buffer.from('1')]) {
      offer({ payload: bytes });
      script.arm({ kind: 'payload' }, { kind: 'short-body' }, 1);
      const { headers, body, error } = await payload();
      expect(headers?.['content-length']).to.equal(String(bytes.byteLength));
      expect(body).to.deep.equal(bytes.subarray(0, bytes.byteLength >> 1));
      expect(error).to.equal('aborted');
    }
  });

  it('breaks off chunks before the last', async () => {
    offer({ payload: LARGE });
    script.arm({ kind: 'payload' }, { kind: 'broken-chunks' }, 1);
    const { headers, body, error } = await payload();
    expect(headers?.['transfer-encoding']).to.equal('chunked');
    expect(body).to.deep.equal(LARGE.subarray(0, LARGE.byteLength >> 1));
    expect(error).to.equal('aborted');
  });

  it('compresses a listing for whoever says that it can be read, and for nobody else', async () => {
    offer();
    script.compressedListings = true;
    const listing = async (headers: Readonly<Record<string, string>>) =>
      await got(`${provider.baseUrl}/okta/logs?${RANGE}`, {
        headers: { authorization: `Bearer ${KEY}`, ...headers },
        decompress: false,
        responseType: 'buffer',
      });
    const compressed = await listing({ 'accept-encoding': 'br, gzip' });
    const plain = await listing({ 'accept-encoding': 'identity' });
    expect(compressed.headers['content-encoding']).to.equal('gzip');
    expect(gunzipSync(compressed.body)).to.deep.equal(plain.body);
    expect(plain.headers['content-encoding']).to.equal(undefined);
  });

  it('resets', async () => {
    offer();
    script.arm({ kind: 'payload' }, { kind: 'reset' }, 1);
    expect((await payload()).error).to.match(/ECONNRESET|socket hang up/);
    expect((await payload()).body).to.deep.equal(PAYLOAD);
  });

  it('stays silent until the fault is released', async () => {
    offer();
    const fault = script.arm({ kind: 'payload' }, { kind: 'silence' }, 1);
    const call = payload();
    expect(await Promise.race([call, pause(50)])).to.equal(undefined);
    fault.release();
    expect((await call).error).to.match(/ECONNRESET|socket hang up/);
  });

  it('stops being silent, holding back, delaying and pacing when the vault hangs up', async () => {
    offer({ delivery: { chunkBytes: 1, paceMs: 5_000 } });
    script.arm({ kind: 'payload' }, { kind: 'silence' }, 1);
    script.arm({ kind: 'payload' }, { kind: 'hold' }, 1);
    script.arm({ kind: 'payload' }, { kind: 'latency', delayMs: 60_000 }, 1);
    for (let call = 0; call < 4; call += 1) await payload(AbortSignal.timeout(30));
    await untilIdle();
    expect(script.inFlight).to.equal(0);
    expect(provider.findings().join()).not.to.match(/failed/);
  });

  it('keeps a fault that answers for the next call when the vault has hung up before', async () => {
    offer();
    script.arm({ kind: 'payload' }, { kind: 'status', status: 401 }, 1);
    await callAndHangUp(provider.baseUrl, [
      'GET /okta/logs/evt%201 HTTP/1.1',
      `authorization: Bearer ${KEY}`,
    ]);
    await untilIdle();
    expect(script.requests.map(({ answer }) => answer)).to.deep.equal(['none: the vault had hung up']);
    expect(script.unfired()).to.have.length(1);
    expect((await payload()).status).to.equal(401);
    expect((await payload()).status).to.equal(200);
  });

  it('answers with a status, Retry-After and Location', async () => {
    script.arm({ kind: 'health' }, { kind: 'status', status: 429, retryAfter: '2' }, 1);
    script.arm({ kind: 'health' }, { kind: 'status', status: 302, location: '/elsewhere' }, 1);
    expect((await ask('/health')).headers).to.include({ 'retry-after': '2' });
    const redirected = await ask('/health');
    expect([redirected.status, redirected.headers?.location]).to.deep.equal([302, '/elsewhere']);
    expect((await ask('/health')).status).to.equal(200);
    expect(provider.findings()).to.deep.equal([]);
  });

  it('finds logs that were never asked for and of calls that no contract names', async () => {
    offer();
    offer({ providerId: 'aws_cloudtrail' });
    await ask(`/okta/logs?${RANGE}`);
    expect((await ask('/elsewhere')).status).to.equal(404);
    expect((await ask('//x')).status).to.equal(404);
    expect((await ask('/health', { method: 'POST' })).status).to.equal(405);
    expect(provider.findings()).to.deep.equal([
      `the scenario offers logs, but the vault never asked for them: GET ${provider.baseUrl}/aws_cloudtrail/logs`,
      'the vault called GET /elsewhere of the provider, which has no such call',
      'the vault called GET //x of the provider, which has no such call',
      'the vault called POST /health of the provider, which has no such call',
    ]);
    script.reset();
    provider.reset();
    expect(provider.findings()).to.deep.equal([]);
  });

  it('says in a sentence that its port is taken', async () => {
    const port = Number(new URL(provider.baseUrl).port);
    const error: unknown = await HttpProvider.open(script, { port }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(SuiteError);
    expect((error as SuiteError).message).to.match(/^The mock provider cannot listen on 127\.0\.0\.1:\d+ /);
  });

  it('closes though calls hang in it', async () => {
    const other = await HttpProvider.open(script, { bindHost: '0.0.0.0' });
    expect(other.baseUrl).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    script.arm({ kind: 'health' }, { kind: 'silence' }, 1);
    const call = fetch(`${other.baseUrl}/health`, { headers: { authorization: `Bearer ${KEY}` } }).catch(
      () => 'failed',
    );
    for (let tries = 0; other.inFlight === 0 && tries < 5_000; tries += 1) await pause(2);
    await other.close();
    await other.close();
    expect(await call).to.equal('failed');
  });
});
