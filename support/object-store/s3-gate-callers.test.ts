import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { failureOf, GateFixture, HOSTILE, until } from './gate-fixture';
import { S3Gate } from './s3-gate';

describe('the gate in front of S3, called by what misbehaves or dies', () => {
  let fixture: GateFixture;
  before(async () => {
    fixture = await GateFixture.open();
  });
  after(async () => await fixture.close());
  afterEach(() => fixture.reset());

  const raw = (text: string) => {
    const { hostname, port } = new URL(fixture.gate.endpoint);
    const socket = connect(Number(port), hostname);
    socket.write(text);
    return socket;
  };

  it('stores nothing when the caller hangs up while sending, and notes the attempt', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'answer', status: 503, code: 'SlowDown' }, 1);
    const socket = raw(
      `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc`,
    );
    await until(() => fixture.gate.inFlight === 1);
    socket.resetAndDestroy();
    await until(() => fixture.gate.inFlight === 0);
    expect(fixture.script.uploadsOf(key)[0]).to.include({
      answer: 'the vault hung up while sending',
      performed: false,
      checksum: undefined,
    });
    expect(fixture.script.unfired()).to.have.length(1);
    expect(await fixture.contents.has(key)).to.equal(false);
    expect(fixture.gate.findings()).to.deep.equal([]);
  });

  it('stores what had arrived whole though the caller is dead', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'latency', delayMs: 30 }, 1);
    const socket = raw(
      `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc`,
    );
    await until(() => fixture.script.inFlight === 1);
    socket.resetAndDestroy();
    await until(async () => await fixture.contents.has(key));
    expect(await fixture.contents.get(key)).to.deep.equal(Buffer.from('abc'));
  });

  it('answers 100-continue before the body comes', async () => {
    const key = fixture.newKey();
    const socket = raw(
      `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: 3\r\n\r\n`,
    );
    const [first] = (await new Promise<Buffer[]>((resolve) =>
      socket.once('data', (data) => resolve([data])),
    )) as [Buffer];
    expect(first.toString()).to.match(/^HTTP\/1\.1 100 Continue/);
    socket.write('abc');
    expect((await buffer(socket)).toString()).to.match(/HTTP\/1\.1 200 OK/);
    expect(await fixture.contents.get(key)).to.deep.equal(Buffer.from('abc'));
  });

  it('refuses a body whose framing is broken, and says so', async () => {
    const key = fixture.newKey();
    const socket = raw(
      `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\ncontent-encoding: aws-chunked\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc`,
    );
    expect((await buffer(socket)).toString()).to.match(/^HTTP\/1\.1 400 [\s\S]*<Code>IncompleteBody<\/Code>/);
    expect(fixture.gate.findings()).to.have.length(1);
  });

  it('does not mind a reader that hangs up half-way', async () => {
    const key = fixture.newKey();
    await fixture.contents.put(key, Buffer.alloc(20 * 1024 * 1024));
    const abort = new AbortController();
    const answer = await fetch(`${fixture.gate.endpoint}/${fixture.bucketName}/${key}`, {
      signal: abort.signal,
    });
    await answer.body?.getReader().read();
    abort.abort();
    await until(() => fixture.gate.inFlight === 0);
    expect(fixture.gate.findings()).to.deep.equal([]);
  });

  it('does not mind a reader that gives up before the answer comes', async () => {
    const key = fixture.newKey();
    await fixture.contents.put(key, Buffer.alloc(5 * 1024 * 1024));
    fixture.script.arm({ class: 'read', key }, { kind: 'latency', delayMs: 30 }, 1);
    const socket = raw(`GET /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await until(() => fixture.script.inFlight === 1);
    socket.resetAndDestroy();
    await until(() => fixture.gate.inFlight === 0);
    expect(fixture.gate.findings()).to.deep.equal([]);
  });

  it('opens no other bucket', async () => {
    const call = fixture.client.send(new PutObjectCommand({ Bucket: 'others', Key: 'k', Body: 'x' }));
    expect((await failureOf(call)).name).to.equal('NoSuchBucket');
    expect(fixture.gate.findings()[0]).to.match(/^the vault called S3 bucket "others"/);
    fixture.reset();
    expect(fixture.gate.findings()).to.deep.equal([]);
  });

  it('is not misled by the host name it is called by', async () => {
    const key = fixture.newKey();
    const socket = raw(
      `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: host.docker.internal:9000\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc`,
    );
    expect((await buffer(socket)).toString()).to.match(/^HTTP\/1\.1 200/);
    expect(await fixture.contents.has(key)).to.equal(true);
  });

  it('refuses what fauxqs would misunderstand', async () => {
    const key = fixture.newKey();
    await fixture.put(key);
    const socket = raw(
      `PUT /${fixture.bucketName}/${key}?tagging HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc`,
    );
    expect((await buffer(socket)).toString()).to.match(/^HTTP\/1\.1 501/);
    expect(await fixture.contents.get(key)).to.deep.equal(HOSTILE);
  });

  it('answers 502 and says so when the S3 behind it is gone', async () => {
    const target = {
      endpoint: 'http://127.0.0.1:1',
      bucketName: 'b',
      contents: { has: async () => false },
    };
    const gate = await S3Gate.open(fixture.script, target);
    const answer = await fetch(`${gate.endpoint}/b/k`);
    expect(answer.status).to.equal(502);
    expect(gate.findings()[0]).to.match(/^the S3 behind the gate failed: /);
    await gate.close();
  });

  it('resets and says so when the S3 behind it breaks off an answer', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write(Buffer.alloc(100_000), () => response.socket?.destroySoon());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const target = {
      endpoint: `http://127.0.0.1:${port}`,
      bucketName: 'b',
      contents: { has: async () => false },
    };
    const gate = await S3Gate.open(fixture.script, target);
    const answer = await fetch(`${gate.endpoint}/b/k`);
    expect((await failureOf(answer.arrayBuffer())).name).to.equal('TypeError');
    await until(() => gate.findings().length > 0);
    expect(gate.findings()).to.deep.equal(['the S3 behind the gate failed: aborted']);
    await gate.close();
    server.close();
  });

  it('says in a sentence that its port is taken', async () => {
    const port = Number(new URL(fixture.gate.endpoint).port);
    const target = { endpoint: fixture.s3.endpoint, bucketName: 'b', contents: fixture.contents };
    const error: unknown = await S3Gate.open(fixture.script, target, { port }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(SuiteError);
    expect((error as SuiteError).message).to.match(
      /^The gate in front of S3 cannot listen on 127\.0\.0\.1:\d+ /,
    );
  });

  it('closes though a call hangs in it', async () => {
    const target = {
      endpoint: fixture.s3.endpoint,
      bucketName: fixture.bucketName,
      contents: fixture.contents,
    };
    const gate = await S3Gate.open(fixture.script, target);
    fixture.script.arm({ class: 'read' }, { kind: 'hang' }, 1);
    const call = fetch(`${gate.endpoint}/${fixture.bucketName}/k`).catch(() => 'failed');
    await until(() => gate.inFlight === 1);
    await gate.close();
    expect(await call).to.equal('failed');
  });
});
