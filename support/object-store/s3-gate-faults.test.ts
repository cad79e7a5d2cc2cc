import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, afterEach, before, describe, it } from 'node:test';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { checksumOf } from '../bytes/checksum';
import { callAndHangUp } from '../faults/hung-up-call-fixture';
import { failureOf, GateFixture, HOSTILE, until } from './gate-fixture';

const LARGE_BYTES = 5 * 1024 * 1024;

describe('the gate in front of S3 injects', () => {
  let fixture: GateFixture;
  before(async () => {
    fixture = await GateFixture.open();
  });
  after(async () => await fixture.close());
  afterEach(() => fixture.reset());

  it('an error answer, as S3 writes it', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'answer', status: 503, code: 'SlowDown' }, 2);
    expect(await failureOf(fixture.put(key))).to.deep.equal({ name: 'SlowDown', status: 503 });
    expect(
      (await failureOf(fixture.put(key, Readable.from([HOSTILE]), { ContentLength: HOSTILE.byteLength })))
        .name,
    ).to.equal('SlowDown');
    expect(await fixture.contents.has(key)).to.equal(false);
    const [first, second] = fixture.script.uploadsOf(key);
    expect(first).to.include({ checksum: checksumOf(HOSTILE), answer: '503 SlowDown', performed: false });
    expect(second?.checksum).to.equal(checksumOf(HOSTILE));
    expect(fixture.script.unfired()).to.deep.equal([]);
  });

  it('an error answer to a large body, not a reset', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'answer', status: 500, code: 'InternalError' }, 1);
    expect((await failureOf(fixture.put(key, randomBytes(8 * 1024 * 1024)))).name).to.equal('InternalError');
  });

  it('an error answer without a body to a HEAD', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'read', key }, { kind: 'answer', status: 503, code: 'SlowDown' }, 1);
    const head = fixture.client.send(new HeadObjectCommand({ Bucket: fixture.bucketName, Key: key }));
    expect((await failureOf(head)).status).to.equal(503);
  });

  it('a missing bucket', async () => {
    fixture.script.arm({ class: 'read' }, { kind: 'answer', status: 404, code: 'NoSuchBucket' }, 1);
    expect(await failureOf(fixture.get(fixture.newKey()))).to.deep.equal({
      name: 'NoSuchBucket',
      status: 404,
    });
  });

  for (const when of ['before', 'after'] as const) {
    it(`a reset ${when} the object was stored`, async () => {
      const key = fixture.newKey();
      fixture.script.arm({ class: 'upload', key }, { kind: 'reset', when }, 1);
      expect((await failureOf(fixture.put(key))).code).to.equal('ECONNRESET');
      expect(await fixture.contents.has(key)).to.equal(when === 'after');
      expect(fixture.script.uploadsOf(key)[0]?.performed).to.equal(when === 'after');
    });
  }

  it('a reset of a read, leaving nothing open', async () => {
    const key = fixture.newKey();
    await fixture.put(key, randomBytes(LARGE_BYTES));
    fixture.script.arm({ class: 'read', key }, { kind: 'reset', when: 'after' }, 1);
    expect((await failureOf(fixture.get(key))).code).to.equal('ECONNRESET');
    expect((await fixture.get(key)).byteLength).to.equal(LARGE_BYTES);
  });

  it('an answer withheld after the object was stored', async () => {
    const key = fixture.newKey();
    const fault = fixture.script.arm({ class: 'upload', key }, { kind: 'withhold' }, 1);
    const call = failureOf(fixture.put(key));
    await until(async () => await fixture.contents.has(key));
    expect(fixture.script.inFlight).to.equal(1);
    fault.release();
    expect((await call).code).to.equal('ECONNRESET');
  });

  it('a hang that ends with the fault', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'hang' }, 1);
    const call = fixture.put(key);
    await until(() => fixture.script.inFlight === 1);
    expect(await fixture.contents.has(key)).to.equal(false);
    fixture.script.heal();
    await call;
    expect(await fixture.contents.has(key)).to.equal(true);
  });

  it('a hang that ends when the vault hangs up, and then nothing is stored', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'hang' }, 1);
    const abortSignal = AbortSignal.timeout(100);
    const command = new PutObjectCommand({ Bucket: fixture.bucketName, Key: key, Body: HOSTILE });
    expect((await failureOf(fixture.client.send(command, { abortSignal }))).name).to.equal('AbortError');
    await until(() => fixture.gate.inFlight === 0);
    expect(fixture.script.uploadsOf(key)[0]).to.include({
      answer: 'hung until the vault gave up',
      performed: false,
    });
    expect(await fixture.contents.has(key)).to.equal(false);
  });

  it('what answers into the next call, when the vault has hung up before', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'answer', status: 403, code: 'AccessDenied' }, 1);
    const line = `PUT /${fixture.bucketName}/${key} HTTP/1.1`;
    await callAndHangUp(fixture.gate.endpoint, [line, 'content-length: 2'], '{}');
    await until(() => fixture.script.uploadsOf(key).length === 1 && fixture.gate.inFlight === 0);
    expect(fixture.script.uploadsOf(key)[0]).to.include({ givenUp: true, performed: false });
    expect(fixture.script.unfired()).to.have.length(1);
    expect((await failureOf(fixture.put(key))).status).to.equal(403);
    await fixture.put(key);
  });

  it('latency', async () => {
    const key = fixture.newKey();
    fixture.script.arm({ class: 'upload', key }, { kind: 'latency', delayMs: 60 }, 1);
    const started = performance.now();
    await fixture.put(key);
    expect(performance.now() - started).to.be.at.least(58);
  });

  it('an answer that falls silent half-way, until its caller gives up', async () => {
    const key = fixture.newKey();
    await fixture.put(key, randomBytes(300_000));
    fixture.script.arm({ class: 'read', key }, { kind: 'cut-off', afterBytes: 100_000, silent: true }, 1);
    const { Body } = await fixture.client.send(
      new GetObjectCommand({ Bucket: fixture.bucketName, Key: key }),
    );
    const body = Body as Readable;
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
    });
    await until(() => bytes === 100_000);
    expect(fixture.gate.inFlight).to.equal(1);
    body.destroy();
    await until(() => fixture.gate.inFlight === 0);
    expect(fixture.gate.findings()).to.deep.equal([]);
  });

  it('an answer that falls silent after more bytes than there are, which leaves the next call alone', async () => {
    const key = fixture.newKey();
    const bytes = randomBytes(10);
    await fixture.put(key, bytes);
    fixture.script.arm({ class: 'read', key }, { kind: 'cut-off', afterBytes: 64, silent: true }, 1);
    const read = async (): Promise<Uint8Array | undefined> => {
      const get = new GetObjectCommand({ Bucket: fixture.bucketName, Key: key });
      const { Body } = await fixture.client.send(get, { abortSignal: AbortSignal.timeout(5_000) });
      return await Body?.transformToByteArray();
    };
    for (const which of ['first', 'second'])
      expect(Buffer.from((await read()) ?? []), which).to.deep.equal(bytes);
    await until(() => fixture.gate.inFlight === 0);
  });

  it('an answer cut off, which announced the whole; a HEAD does not use it up', async () => {
    const key = fixture.newKey();
    const bytes = randomBytes(300_000);
    await fixture.put(key, bytes);
    fixture.script.arm({ class: 'read', key }, { kind: 'cut-off', afterBytes: 100_000 }, 1);
    await fixture.client.send(new HeadObjectCommand({ Bucket: fixture.bucketName, Key: key }));
    const { Body, ContentLength } = await fixture.client.send(
      new GetObjectCommand({ Bucket: fixture.bucketName, Key: key }),
    );
    expect(ContentLength).to.equal(bytes.byteLength);
    const got: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of Body as Readable) got.push(chunk);
    })();
    expect((await failureOf(reading)).code).to.equal('ECONNRESET');
    expect(Buffer.concat(got)).to.deep.equal(bytes.subarray(0, 100_000));
    expect(await fixture.get(key)).to.deep.equal(bytes);
    expect(fixture.script.unfired()).to.deep.equal([]);
  });
});
