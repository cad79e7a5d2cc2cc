import { Agent } from 'node:http';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { errorOf, StubVault } from './stub-vault';
import { NoAnswerError } from './vault-client';

const BYTES = Buffer.from([0x7b, 0xff, 0x00, 0x0d, 0x0a, 0x7d]);

describe('a client', () => {
  const vault = StubVault.forTests();

  it('takes an answer as it comes, byte for byte', async () => {
    vault.handle = (_, response) => response.writeHead(418, { 'X-Vault-Checksum': 'sha256:x' }).end(BYTES);
    const { status, headers, body } = await vault.client.send('GET', '/v1/logs/a%2Fb/raw?x=1');
    expect({ status, checksum: headers['x-vault-checksum'], body }).to.deep.equal({
      status: 418,
      checksum: 'sha256:x',
      body: BYTES,
    });
    expect(vault.asked).to.deep.equal(['GET /v1/logs/a%2Fb/raw?x=1']);
  });

  it('undoes a transport encoding', async () => {
    vault.handle = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BYTES));
    expect((await vault.client.send('GET', '/')).body).to.deep.equal(BYTES);
  });

  it('asks once, whatever is answered', async () => {
    for (const status of [408, 429, 500, 502, 503]) {
      vault.asked = [];
      vault.handle = (_, response) => response.writeHead(status, { 'retry-after': '0' }).end();
      expect((await vault.client.send('GET', '/v1/logs')).status).to.equal(status);
      expect(vault.asked).to.have.length(1);
    }
  });

  it('follows no redirect', async () => {
    vault.handle = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end();
    expect((await vault.client.send('GET', '/v1/logs')).status).to.equal(302);
    expect(vault.asked).to.deep.equal(['GET /v1/logs']);
  });

  it('says when there was no answer, or only half a one, and asks no second time', async () => {
    vault.handle = (request) => request.socket.destroy();
    expect(await errorOf(vault.client.send('GET', '/v1/logs'))).to.be.instanceOf(NoAnswerError);
    vault.handle = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    };
    expect(await errorOf(vault.client.send('GET', '/v1/logs'))).to.be.instanceOf(NoAnswerError);
    vault.handle = () => undefined;
    const { message } = await errorOf(vault.client.send('POST', '/v1/logs', { withinMs: 30 }));
    expect(message).to.match(/^POST \/v1\/logs: no answer \(ETIMEDOUT: /);
    expect(vault.asked).to.have.length(3);
  });

  it('asks on a new connection where one was closed that had been answered on', async () => {
    const answered = new WeakSet<object>();
    vault.handle = ({ socket }, response) => {
      if (answered.has(socket)) return socket.destroy();
      answered.add(socket);
      return response.end();
    };
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const client = vault.clientOf(agent);
    const statuses = [];
    for (let number = 0; number < 3; number += 1) statuses.push((await client.send('GET', '/')).status);
    agent.destroy();
    expect(statuses).to.deep.equal([200, 200, 200]);
  });

  it('tells of every answer that it waited for in vain, as long as patience now lasts', async () => {
    vault.handle = () => undefined;
    vault.patience.answerMs = 30;
    expect((await errorOf(vault.client.send('GET', '/v1/logs'))).message).to.match(/30ms/);
    expect((await errorOf(vault.client.open('/v1/logs'))).message).to.match(/nothing was heard for 30 ms/);
    expect(vault.patience.inVain).to.equal(2);
    await errorOf(vault.client.send('GET', '/v1/logs', { withinMs: 10 }));
    vault.handle = (request) => request.socket.destroy();
    await errorOf(vault.client.send('GET', '/v1/logs'));
    expect(
      vault.patience.inVain,
      'with a limit of the question alone, and without an answer at once',
    ).to.equal(2);
  });

  it('keeps every exchange as evidence, without its secrets', async () => {
    await vault.client.post('/v1/providers/validate', { api_key: 'hidden' });
    vault.handle = (request) => request.socket.destroy();
    await errorOf(vault.client.send('GET', '/v1/logs'));
    const [validated, lost] = vault.client.exchanges;
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
    vault.handle = (_, response) => response.end(large);
    for (const path of ['/1', '/2', '/3']) await vault.client.send('GET', path);
    expect(vault.client.exchanges.map(({ path }) => path)).to.deep.equal(['/2', '/3']);
  });

  it('quotes an answer in one line, cut short and without its secrets', async () => {
    vault.handle = (_, response) => response.writeHead(500).end(`hidden ${'x'.repeat(1000)}`);
    const quoted = vault.client.quote('GET', '/v1/logs', await vault.client.send('GET', '/v1/logs'));
    expect(quoted).to.match(
      /^GET \/v1\/logs answered 500 \[redacted\] x{289}… \(1007 bytes, sha256:[0-9a-f]{64}\)$/,
    );
    vault.handle = (_, response) => response.writeHead(204).end();
    expect(vault.client.quote('GET', '/', await vault.client.send('GET', '/'))).to.equal(
      'GET / answered 204 (empty body)',
    );
  });
});
