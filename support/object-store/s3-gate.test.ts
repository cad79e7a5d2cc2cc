import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { SuiteError } from '../errors';
import { checksumOf } from '../integrity/checksum';
import { GateFixture } from './gate-fixture';
import { S3Gate } from './s3-gate';

const HOSTILE = Buffer.concat([
  Buffer.from('{"a":1.0,\r\n"b":"\u2028"}'),
  Buffer.from([0xff, 0x00, 0x0d, 0x0a]),
]);
const PART_BYTES = 5 * 1024 * 1024;

describe('the gate in front of S3', () => {
  let fixture: GateFixture;
  before(async () => {
    fixture = await GateFixture.open();
  });
  after(async () => await fixture.close());
  afterEach(() => fixture.reset());

  const put = async (key: string, body: Buffer | Readable = HOSTILE, more: object = {}) =>
    await fixture.client.send(
      new PutObjectCommand({ Bucket: fixture.bucketName, Key: key, Body: body, ...more }),
    );
  const get = async (key: string): Promise<Buffer> => {
    const { Body } = await fixture.client.send(
      new GetObjectCommand({ Bucket: fixture.bucketName, Key: key }),
      { abortSignal: AbortSignal.timeout(5_000) },
    );
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const failureOf = async (
    call: Promise<unknown>,
  ): Promise<{ name: string; status?: number; code?: string }> => {
    try {
      await call;
    } catch (error) {
      const { name, code, $metadata } = error as {
        name: string;
        code?: string;
        $metadata?: { httpStatusCode?: number };
      };
      return {
        name,
        ...(code === undefined ? {} : { code }),
        ...($metadata?.httpStatusCode === undefined ? {} : { status: $metadata.httpStatusCode }),
      };
    }
    return { name: 'no failure' };
  };

  describe('passes on', () => {
    for (const [what, bytes] of [
      ['hostile bytes', HOSTILE],
      ['no bytes at all', Buffer.alloc(0)],
      ['12 MiB', randomBytes(12 * 1024 * 1024)],
    ] as const) {
      it(`${what} from a buffer and from a stream, and notes their SHA-256`, async () => {
        for (const body of [bytes, Readable.from([bytes], { objectMode: false })]) {
          const key = fixture.newKey();
          await put(key, body, Buffer.isBuffer(body) ? {} : { ContentLength: bytes.byteLength });
          const [attempt] = fixture.script.uploadsOf(key);
          expect(attempt).to.include({
            operation: 'PutObject',
            checksum: checksumOf(bytes),
            bytes: bytes.byteLength,
            answer: 'ok',
            performed: true,
          });
          expect(checksumOf((await fixture.contents.get(key)) ?? Buffer.from('missing'))).to.equal(
            checksumOf(bytes),
          );
          expect(checksumOf(await get(key))).to.equal(checksumOf(bytes));
        }
        expect(fixture.gate.complaints()).to.deep.equal([]);
      });
    }

    it('multipart uploads, each part noted', async () => {
      const key = fixture.newKey();
      const at = { Bucket: fixture.bucketName, Key: key };
      const parts = [randomBytes(PART_BYTES), randomBytes(1000)];
      const { UploadId } = await fixture.client.send(new CreateMultipartUploadCommand(at));
      const sent = await Promise.all(
        parts.map(async (Body, index) => {
          const part = { ...at, UploadId, PartNumber: index + 1 };
          const { ETag } = await fixture.client.send(new UploadPartCommand({ ...part, Body }));
          return { ETag, PartNumber: index + 1, ChecksumCRC32: 'AAAAAA==' };
        }),
      );
      await fixture.client.send(
        new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: sent } }),
      );
      expect(await fixture.contents.get(key)).to.deep.equal(Buffer.concat(parts));
      const uploads = fixture.script.uploadsOf(key);
      expect(uploads.map(({ operation }) => operation).sort()).to.deep.equal([
        'CreateMultipartUpload',
        'UploadPart',
        'UploadPart',
      ]);
      expect(uploads.map(({ checksum }) => checksum).slice(1)).to.have.members(parts.map(checksumOf));
      expect(fixture.script.attempts.at(-1)).to.include({
        operation: 'CompleteMultipartUpload',
        class: 'other',
      });
    });

    it('copies, heads, lists and deletes', async () => {
      const [from, to] = [fixture.newKey(), fixture.newKey()];
      await put(from);
      const source = `${fixture.bucketName}/${from}`;
      await fixture.client.send(
        new CopyObjectCommand({ Bucket: fixture.bucketName, Key: to, CopySource: source }),
      );
      expect(fixture.script.uploadsOf(to).map(({ operation }) => operation)).to.deep.equal(['CopyObject']);
      const { ContentLength } = await fixture.client.send(
        new HeadObjectCommand({ Bucket: fixture.bucketName, Key: to }),
      );
      expect(ContentLength).to.equal(HOSTILE.byteLength);
      const { Contents = [] } = await fixture.client.send(
        new ListObjectsV2Command({ Bucket: fixture.bucketName, Prefix: to }),
      );
      expect(Contents.map(({ Key }) => Key)).to.deep.equal([to]);
      await fixture.client.send(new DeleteObjectCommand({ Bucket: fixture.bucketName, Key: to }));
      expect((await failureOf(get(to))).name).to.equal('NoSuchKey');
      const head = fixture.client.send(new HeadObjectCommand({ Bucket: fixture.bucketName, Key: to }));
      expect((await failureOf(head)).status).to.equal(404);
    });

    it('keys that need encoding', async () => {
      const key = `2026/01/01/a b+c/${'x'.repeat(200)}-ü%&?.json`;
      await put(key);
      expect(await get(key)).to.deep.equal(HOSTILE);
      expect(fixture.script.uploadsOf(key)).to.have.length(1);
    });

    it('at little cost', async () => {
      for (let round = 0; round < 20; round += 1) await put(fixture.newKey());
      const started = performance.now();
      for (let round = 0; round < 50; round += 1) await put(fixture.newKey());
      const perPutMs = (performance.now() - started) / 50;
      expect(perPutMs, 'SDK, gate and fauxqs together').to.be.below(50);
    });
  });

  describe('injects', () => {
    it('an error answer, as S3 writes it', async () => {
      const key = fixture.newKey();
      fixture.script.arm({ class: 'upload', key }, { kind: 'answer', status: 503, code: 'SlowDown' }, 2);
      expect(await failureOf(put(key))).to.deep.equal({ name: 'SlowDown', status: 503 });
      expect(
        (await failureOf(put(key, Readable.from([HOSTILE]), { ContentLength: HOSTILE.byteLength }))).name,
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
      expect((await failureOf(put(key, randomBytes(8 * 1024 * 1024)))).name).to.equal('InternalError');
    });

    it('an error answer without a body to a HEAD', async () => {
      const key = fixture.newKey();
      fixture.script.arm({ class: 'read', key }, { kind: 'answer', status: 503, code: 'SlowDown' }, 1);
      const head = fixture.client.send(new HeadObjectCommand({ Bucket: fixture.bucketName, Key: key }));
      expect((await failureOf(head)).status).to.equal(503);
    });

    it('a missing bucket', async () => {
      fixture.script.arm({ class: 'read' }, { kind: 'answer', status: 404, code: 'NoSuchBucket' }, 1);
      expect(await failureOf(get(fixture.newKey()))).to.deep.equal({ name: 'NoSuchBucket', status: 404 });
    });

    for (const when of ['before', 'after'] as const) {
      it(`a reset ${when} the object was stored`, async () => {
        const key = fixture.newKey();
        fixture.script.arm({ class: 'upload', key }, { kind: 'reset', when }, 1);
        expect((await failureOf(put(key))).code).to.equal('ECONNRESET');
        expect(await fixture.contents.has(key)).to.equal(when === 'after');
        expect(fixture.script.uploadsOf(key)[0]?.performed).to.equal(when === 'after');
      });
    }

    it('a reset of a read, leaving nothing open', async () => {
      const key = fixture.newKey();
      await put(key, randomBytes(PART_BYTES));
      fixture.script.arm({ class: 'read', key }, { kind: 'reset', when: 'after' }, 1);
      expect((await failureOf(get(key))).code).to.equal('ECONNRESET');
      expect((await get(key)).byteLength).to.equal(PART_BYTES);
    });

    it('an answer withheld after the object was stored', async () => {
      const key = fixture.newKey();
      const fault = fixture.script.arm({ class: 'upload', key }, { kind: 'withhold' }, 1);
      const call = failureOf(put(key));
      await until(async () => await fixture.contents.has(key));
      expect(fixture.script.inFlight).to.equal(1);
      fault.release();
      expect((await call).code).to.equal('ECONNRESET');
    });

    it('a hang that ends with the fault', async () => {
      const key = fixture.newKey();
      fixture.script.arm({ class: 'upload', key }, { kind: 'hang' }, 1);
      const call = put(key);
      await until(async () => fixture.script.inFlight === 1);
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
      await until(async () => fixture.gate.inFlight === 0);
      expect(fixture.script.uploadsOf(key)[0]).to.include({
        answer: 'hung until the vault gave up',
        performed: false,
      });
      expect(await fixture.contents.has(key)).to.equal(false);
    });

    it('latency', async () => {
      const key = fixture.newKey();
      fixture.script.arm({ class: 'upload', key }, { kind: 'latency', delayMs: 60 }, 1);
      const started = performance.now();
      await put(key);
      expect(performance.now() - started).to.be.at.least(58);
    });

    it('an answer cut off, which announced the whole; a HEAD does not use it up', async () => {
      const key = fixture.newKey();
      const bytes = randomBytes(300_000);
      await put(key, bytes);
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
      expect(await get(key)).to.deep.equal(bytes);
      expect(fixture.script.unfired()).to.deep.equal([]);
    });
  });

  describe('conditional writes', () => {
    it('answers 412 to If-None-Match: * on a key that exists', async () => {
      const key = fixture.newKey();
      await put(key, HOSTILE, { IfNoneMatch: '*' });
      const second = put(key, Buffer.from('other'), { IfNoneMatch: '*' });
      expect(await failureOf(second)).to.deep.equal({ name: 'PreconditionFailed', status: 412 });
      expect(await fixture.contents.get(key)).to.deep.equal(HOSTILE);
      expect(fixture.script.uploadsOf(key)[1]).to.include({ answer: 'PreconditionFailed', performed: false });
    });

    it('lets one of many at a time win', async () => {
      const key = fixture.newKey();
      const bodies = Array.from({ length: 8 }, (_, index) => Buffer.from(`body ${index}`));
      const names = await Promise.all(
        bodies.map(async (body) => (await failureOf(put(key, body, { IfNoneMatch: '*' }))).name),
      );
      expect(names.filter((name) => name === 'no failure')).to.have.length(1);
      expect(names.filter((name) => name === 'PreconditionFailed')).to.have.length(7);
    });

    it('answers 412 when a multipart upload is completed onto a key that exists', async () => {
      const at = { Bucket: fixture.bucketName, Key: fixture.newKey() };
      const { UploadId } = await fixture.client.send(new CreateMultipartUploadCommand(at));
      const part = { ...at, UploadId, PartNumber: 1 };
      const { ETag } = await fixture.client.send(new UploadPartCommand({ ...part, Body: 'part' }));
      await put(at.Key);
      const complete = fixture.client.send(
        new CompleteMultipartUploadCommand({
          ...at,
          UploadId,
          IfNoneMatch: '*',
          MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
        }),
      );
      expect((await failureOf(complete)).status).to.equal(412);
      expect(await fixture.contents.get(at.Key)).to.deep.equal(HOSTILE);
    });

    it('still resets where the answer is lost, though the store refuses', async () => {
      const key = fixture.newKey();
      await put(key);
      fixture.script.arm({ class: 'upload', key }, { kind: 'reset', when: 'after' }, 1);
      expect((await failureOf(put(key, HOSTILE, { IfNoneMatch: '*' }))).code).to.equal('ECONNRESET');
      expect(fixture.script.uploadsOf(key)[1]).to.include({ answer: 'connection reset', performed: false });
    });
  });

  describe('callers that misbehave or die', () => {
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
      await until(async () => fixture.gate.inFlight === 1);
      socket.resetAndDestroy();
      await until(async () => fixture.gate.inFlight === 0);
      expect(fixture.script.uploadsOf(key)[0]).to.include({
        answer: 'the vault hung up while sending',
        performed: false,
        checksum: undefined,
      });
      expect(fixture.script.unfired()).to.have.length(1);
      expect(await fixture.contents.has(key)).to.equal(false);
      expect(fixture.gate.complaints()).to.deep.equal([]);
    });

    it('stores what had arrived whole though the caller is dead', async () => {
      const key = fixture.newKey();
      fixture.script.arm({ class: 'upload', key }, { kind: 'latency', delayMs: 30 }, 1);
      const socket = raw(
        `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc`,
      );
      await until(async () => fixture.script.inFlight === 1);
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

    it('refuses a body whose framing is broken, and complains', async () => {
      const key = fixture.newKey();
      const socket = raw(
        `PUT /${fixture.bucketName}/${key} HTTP/1.1\r\nhost: x\r\ncontent-encoding: aws-chunked\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc`,
      );
      expect((await buffer(socket)).toString()).to.match(
        /^HTTP\/1\.1 400 [\s\S]*<Code>IncompleteBody<\/Code>/,
      );
      expect(fixture.gate.complaints()).to.have.length(1);
    });

    it('opens no other bucket', async () => {
      const call = fixture.client.send(new PutObjectCommand({ Bucket: 'others', Key: 'k', Body: 'x' }));
      expect((await failureOf(call)).name).to.equal('NoSuchBucket');
      expect(fixture.gate.complaints()[0]).to.match(/^the vault called S3 bucket "others"/);
      fixture.reset();
      expect(fixture.gate.complaints()).to.deep.equal([]);
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
      await put(key);
      const socket = raw(
        `PUT /${fixture.bucketName}/${key}?tagging HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc`,
      );
      expect((await buffer(socket)).toString()).to.match(/^HTTP\/1\.1 501/);
      expect(await fixture.contents.get(key)).to.deep.equal(HOSTILE);
    });
  });

  describe('as a server', () => {
    it('answers 502 and complains when the S3 behind it is gone', async () => {
      const target = {
        endpoint: 'http://127.0.0.1:1',
        bucketName: 'b',
        contents: { has: async () => false },
      };
      const gate = await S3Gate.open(fixture.script, target);
      const answer = await fetch(`${gate.endpoint}/b/k`);
      expect(answer.status).to.equal(502);
      expect(gate.complaints()[0]).to.match(/^the S3 behind the gate failed: /);
      await gate.close();
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
      await until(async () => gate.inFlight === 1);
      await gate.close();
      expect(await call).to.equal('failed');
    });
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + 3_000;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error('it never came');
    await pause(2);
  }
}
