import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { z } from 'zod';
import { AnswerError, bodyOf, errorBody, expectAnswer, mediaTypeOf } from './answer';
import { IngestionService, type IngestRequest } from './ingestion-service';
import { JobService } from './job-service';
import { LogService } from './log-service';
import { NoAnswerError, VaultClient } from './vault-client';

const BYTES = Buffer.from([0x7b, 0xff, 0x00, 0x0d, 0x0a, 0x7d]);
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** What the vault does with a request. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function errorOf(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  return outcome instanceof Error ? outcome : new Error(String(outcome));
}

describe('talking to a vault', () => {
  let asked: string[];
  let handle: Handler;
  let client: VaultClient;
  let patience: { answerMs: number; inVain: number; ranOut(): void };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handle(request, response);
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    asked = [];
    patience = {
      answerMs: 2_000,
      inVain: 0,
      ranOut() {
        this.inVain += 1;
      },
    };
    handle = (_, response) => response.end();
    const { port } = server.address() as AddressInfo;
    client = new VaultClient(
      () => `http://127.0.0.1:${port}`,
      (text) => text.replaceAll('hidden', '[redacted]'),
      patience,
      new Agent(),
    );
  });
  const answersJson = (status: number, value: unknown): void => {
    handle = (_, response) => response.writeHead(status, JSON_TYPE).end(JSON.stringify(value));
  };

  describe('a client', () => {
    it('takes an answer as it comes, byte for byte', async () => {
      handle = (_, response) => response.writeHead(418, { 'X-Vault-Checksum': 'sha256:x' }).end(BYTES);
      const { status, headers, body } = await client.send('GET', '/v1/logs/a%2Fb/raw?x=1');
      expect({ status, checksum: headers['x-vault-checksum'], body }).to.deep.equal({
        status: 418,
        checksum: 'sha256:x',
        body: BYTES,
      });
      expect(asked).to.deep.equal(['GET /v1/logs/a%2Fb/raw?x=1']);
    });

    it('undoes a transport encoding', async () => {
      handle = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BYTES));
      expect((await client.send('GET', '/')).body).to.deep.equal(BYTES);
    });

    it('asks once, whatever is answered', async () => {
      for (const status of [408, 429, 500, 502, 503]) {
        asked = [];
        handle = (_, response) => response.writeHead(status, { 'retry-after': '0' }).end();
        expect((await client.send('GET', '/v1/logs')).status).to.equal(status);
        expect(asked).to.have.length(1);
      }
    });

    it('follows no redirect', async () => {
      handle = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end();
      expect((await client.send('GET', '/v1/logs')).status).to.equal(302);
      expect(asked).to.deep.equal(['GET /v1/logs']);
    });

    it('says when there was no answer, or only half a one, and asks no second time', async () => {
      handle = (request) => request.socket.destroy();
      expect(await errorOf(client.send('GET', '/v1/logs'))).to.be.instanceOf(NoAnswerError);
      handle = (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      };
      expect(await errorOf(client.send('GET', '/v1/logs'))).to.be.instanceOf(NoAnswerError);
      handle = () => undefined;
      const { message } = await errorOf(client.send('POST', '/v1/logs', { withinMs: 30 }));
      expect(message).to.match(/^POST \/v1\/logs: no answer \(ETIMEDOUT: /);
      expect(asked).to.have.length(3);
    });

    it('tells of every answer that it waited for in vain, as long as patience now lasts', async () => {
      handle = () => undefined;
      patience.answerMs = 30;
      expect((await errorOf(client.send('GET', '/v1/logs'))).message).to.match(/30ms/);
      expect((await errorOf(client.open('/v1/logs'))).message).to.match(/nothing was heard for 30 ms/);
      expect(patience.inVain).to.equal(2);
      await errorOf(client.send('GET', '/v1/logs', { withinMs: 10 }));
      handle = (request) => request.socket.destroy();
      await errorOf(client.send('GET', '/v1/logs'));
      expect(patience.inVain, 'with a limit of the question alone, and without an answer at once').to.equal(
        2,
      );
    });

    it('keeps every exchange as evidence, without its secrets', async () => {
      await client.post('/v1/providers/validate', { api_key: 'hidden' });
      handle = (request) => request.socket.destroy();
      await errorOf(client.send('GET', '/v1/logs'));
      const [validated, lost] = client.exchanges;
      expect(validated).to.deep.include({
        method: 'POST',
        path: '/v1/providers/validate',
        requestBody: '{"api_key":"[redacted]"}',
        failure: undefined,
      });
      expect(lost?.answer).to.equal(undefined);
      expect(lost?.failure).to.match(/no answer/);
    });

    it('forgets the oldest evidence before it fills the memory', async () => {
      const large = Buffer.alloc(30 * 1024 * 1024);
      handle = (_, response) => response.end(large);
      for (const path of ['/1', '/2', '/3']) await client.send('GET', path);
      expect(client.exchanges.map(({ path }) => path)).to.deep.equal(['/2', '/3']);
    });

    it('quotes an answer in one line, cut short and without its secrets', async () => {
      handle = (_, response) => response.writeHead(500).end(`hidden ${'x'.repeat(1000)}`);
      const quoted = client.quote('GET', '/v1/logs', await client.send('GET', '/v1/logs'));
      expect(quoted).to.match(
        /^GET \/v1\/logs answered 500 \[redacted\] x{289}… \(1007 bytes, sha256:[0-9a-f]{64}\)$/,
      );
      handle = (_, response) => response.writeHead(204).end();
      expect(client.quote('GET', '/', await client.send('GET', '/'))).to.equal(
        'GET / answered 204 (empty body)',
      );
    });
  });

  describe('an answer', () => {
    const shape = z.looseObject({ count: z.number() });
    const expected = async (status: number): Promise<unknown> => {
      const answer = await client.send('GET', '/v1/x');
      return expectAnswer({ client, method: 'GET', path: '/v1/x', answer }, status, shape);
    };

    it('may have more members and parameters than the contract names', async () => {
      answersJson(200, { count: 1, more: true });
      expect(await expected(200)).to.deep.equal({ count: 1, more: true });
    });

    const wrong: Readonly<Record<string, readonly [Handler, RegExp]>> = {
      'another status': [
        (_, response) => response.writeHead(500).end('oh'),
        /^expected 200, but GET \/v1\/x answered 500 oh$/,
      ],
      'another media type': [
        (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{"count":1}'),
        /^the media type is "text\/html", not application\/json: GET/,
      ],
      'no media type': [(_, response) => response.end('{"count":1}'), /^the media type is "none"/],
      'no JSON': [
        (_, response) => response.writeHead(200, JSON_TYPE).end('<html>'),
        /^the body is not JSON in UTF-8/,
      ],
      'no UTF-8': [
        (_, response) => response.writeHead(200, JSON_TYPE).end(BYTES),
        /^the body is not JSON in UTF-8/,
      ],
      'another shape': [
        (_, response) => response.writeHead(200, JSON_TYPE).end('{"count":"1"}'),
        /^the body has not the contract's shape \(count: .*expected number.*\): GET/,
      ],
      'no object': [
        (_, response) => response.writeHead(200, JSON_TYPE).end('null'),
        /contract's shape \(body: /,
      ],
    };
    for (const [what, [handler, message]] of Object.entries(wrong)) {
      it(`is refused in words when it has ${what}`, async () => {
        handle = handler;
        const error = await errorOf(expected(200));
        expect(error).to.be.instanceOf(AnswerError);
        expect(error.message).to.match(message);
      });
    }

    it('knows the status it was refused with', async () => {
      answersJson(503, { error: 'no MongoDB' });
      const error = await errorOf(expected(200));
      expect(error instanceof AnswerError && error.status).to.equal(503);
      const answer = await client.send('GET', '/');
      expect(bodyOf({ client, method: 'GET', path: '/', answer }, errorBody).error).to.equal('no MongoDB');
    });

    it('has a media type that is compared without its parameters and its case', () => {
      const typed = (type: string) => ({ status: 200, body: BYTES, headers: { 'content-type': type } });
      expect(mediaTypeOf(typed('Application/JSON ; charset=utf-8'))).to.equal('application/json');
      expect(mediaTypeOf({ status: 200, body: BYTES, headers: {} })).to.equal('');
    });
  });

  describe('an ingestion', () => {
    const request: IngestRequest = { provider_id: 'okta', range: { start: 'a', end: 'b' } };
    let journal: string[];
    let ingestion: IngestionService;
    beforeEach(() => {
      journal = [];
      ingestion = new IngestionService(client, {
        accepted: (jobId, { provider_id: providerId }) => journal.push(`accepted ${jobId} of ${providerId}`),
        unanswered: ({ provider_id: providerId }) => journal.push(`unanswered of ${providerId}`),
      });
    });

    it('is noted when it is accepted, even if the answer is not quite right', async () => {
      answersJson(202, { job_id: 'job-1', status: 'queued', estimated_completion_ms: 0 });
      expect(await ingestion.ingest(request)).to.deep.equal({ jobId: 'job-1', estimatedCompletionMs: 0 });
      answersJson(202, { job_id: 'job-2', status: 'pending' });
      expect(await errorOf(ingestion.ingest(request))).to.be.instanceOf(AnswerError);
      expect(journal).to.deep.equal(['accepted job-1 of okta', 'accepted job-2 of okta']);
    });

    it('is not noted when it is refused', async () => {
      for (const status of [400, 413, 429]) {
        answersJson(status, { error: 'no' });
        expect((await ingestion.ask(request)).status).to.equal(status);
      }
      expect(journal).to.deep.equal([]);
    });

    it('is to be asked again when nothing was learnt', async () => {
      handle = (incoming) => incoming.socket.destroy();
      await errorOf(ingestion.ask(request));
      answersJson(503, { error: 'no MongoDB' });
      await ingestion.ask(request);
      handle = (_, response) => response.writeHead(202).end('accepted');
      await ingestion.ask(request);
      expect(journal).to.deep.equal(Array(3).fill('unanswered of okta'));
    });
  });

  describe('a job', () => {
    it('is read as the contract shows it', async () => {
      const metrics = { records_synced: 1, bytes_written: 9 };
      answersJson(200, { job_id: 'job/1', state: 'processing', metrics, artifacts: {} });
      const running = await new JobService(client).get('job/1');
      expect(running).to.deep.equal({
        jobId: 'job/1',
        state: 'processing',
        recordsSynced: 1,
        bytesWritten: 9,
        s3Path: undefined,
        error: undefined,
      });
      expect(asked).to.deep.equal(['GET /v1/jobs/job%2F1']);
      answersJson(200, { job_id: 'job/1', state: 'queued', metrics });
      expect(await errorOf(new JobService(client).get('job/1'))).to.be.instanceOf(AnswerError);
    });
  });

  describe('the search', () => {
    const log = { id: 'log_1', checksum: `sha256:${'0'.repeat(64)}`, timestamp: '2026-01-01T00:00:00Z' };

    it('is read page after page', async () => {
      handle = (request, response) => {
        const offset = Number(new URL(request.url ?? '', 'http://x').searchParams.get('offset'));
        const data = offset < 3 ? [{ ...log, id: `log_${offset}` }] : [];
        const meta = { total_count: 3, has_more: offset < 2 };
        response.writeHead(200, JSON_TYPE).end(JSON.stringify({ data, meta }));
      };
      const found = await new LogService(client).all();
      expect(found.map(({ id }) => id)).to.deep.equal(['log_0', 'log_1', 'log_2']);
      expect(asked[1]).to.equal('GET /v1/logs?limit=1000&offset=1');
    });

    it('comes to an end even if the vault says that there is always more', async () => {
      answersJson(200, { data: [log], meta: { total_count: 1, has_more: true } });
      expect((await errorOf(new LogService(client).all())).message).to.match(/says has_more after 50 logs/);
      answersJson(200, { data: [], meta: { total_count: 1, has_more: true } });
      expect(await new LogService(client).all()).to.deep.equal([]);
    });

    it('shows checksums in the one form that there is', async () => {
      const meta = { total_count: 1, has_more: false };
      answersJson(200, { data: [{ ...log, checksum: log.checksum.toUpperCase() }], meta });
      expect((await errorOf(new LogService(client).page())).message).to.match(
        /data.0.checksum: not sha256: and 64/,
      );
    });
  });
});
