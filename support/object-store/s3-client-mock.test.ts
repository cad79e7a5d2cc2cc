import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { after, afterEach, describe, it } from 'node:test';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { checksumOf } from '../bytes/checksum';
import { BucketScript } from './bucket-script';
import { clientOf, failureOf, HOSTILE } from './gate-fixture';
import { MemoryBucket } from './memory-bucket';
import type { ObjectFault } from './object-faults';
import { S3ClientMock } from './s3-client-mock';

const BUCKET = 'vault';
const KEY = '2026/01/01/okta/log_1.json';
const AT = { Bucket: BUCKET, Key: KEY };

describe('S3 in-process', () => {
  const client = clientOf('http://s3.audit-vault.test');
  const script = new BucketScript();
  const objects = new MemoryBucket();
  const s3 = new S3ClientMock(client, script, objects, BUCKET);
  afterEach(async () => {
    script.reset();
    s3.reset();
    await objects.empty();
  });
  after(() => {
    s3.close();
    client.destroy();
  });

  const put = async (body: Buffer | string | Readable = HOSTILE, more: object = {}) =>
    await client.send(new PutObjectCommand({ ...AT, Body: body, ...more }));
  const get = async (): Promise<Buffer> => {
    const { Body } = await client.send(new GetObjectCommand(AT));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const struckBy = (callClass: 'upload' | 'read', fault: ObjectFault): void => {
    script.arm({ class: callClass, key: KEY }, fault, 1);
  };

  it('keeps user metadata with its object, the names in lower case', async () => {
    await put(HOSTILE, { Metadata: { 'Sha-256': 'abc' } });
    const labels = { 'sha-256': 'abc' };
    expect(await objects.userMetadataOf(KEY)).to.deep.equal(labels);
    expect((await client.send(new GetObjectCommand(AT))).Metadata).to.deep.equal(labels);
    expect((await client.send(new HeadObjectCommand(AT))).Metadata).to.deep.equal(labels);
    await put(HOSTILE);
    expect(await objects.userMetadataOf(KEY)).to.deep.equal({});
  });

  it('keeps the bytes of buffers, texts and streams', async () => {
    for (const body of [
      HOSTILE,
      '{"a":"\u2028"}',
      Readable.from([HOSTILE.subarray(0, 5), HOSTILE.subarray(5)]),
    ]) {
      await put(body);
      expect(await get()).to.deep.equal(typeof body === 'string' ? Buffer.from(body) : HOSTILE);
    }
    expect(script.uploadsOf(KEY).at(-1)).to.include({ checksum: checksumOf(HOSTILE), performed: true });
  });

  it('keeps bytes of its own, whatever becomes of the ones it was given', async () => {
    const bytes = Buffer.from('first');
    await put(bytes);
    bytes.fill(0);
    expect((await get()).toString()).to.equal('first');
  });

  it('hands large bodies out as streams in pieces', async () => {
    const large = randomBytes(300_000);
    await put(large);
    const { Body, ContentLength } = await client.send(new GetObjectCommand(AT));
    expect(ContentLength).to.equal(large.byteLength);
    const pieces: Buffer[] = [];
    for await (const piece of Body as Readable) pieces.push(piece);
    expect(pieces.length).to.be.greaterThan(1);
    expect(Buffer.concat(pieces)).to.deep.equal(large);
  });

  it('knows head, list, delete and the bucket', async () => {
    await put();
    expect((await client.send(new HeadObjectCommand(AT))).ContentLength).to.equal(HOSTILE.byteLength);
    const listed = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '2026/' }));
    expect(listed.Contents?.map(({ Key }) => Key)).to.deep.equal([KEY]);
    expect(
      (await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '2027/' }))).KeyCount,
    ).to.equal(0);
    await client.send(new DeleteObjectCommand(AT));
    expect(await failureOf(client.send(new HeadObjectCommand(AT)))).to.deep.equal({
      name: 'NotFound',
      status: 404,
    });
    expect(await failureOf(get())).to.deep.equal({ name: 'NoSuchKey', status: 404 });
    await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
    expect(await failureOf(client.send(new HeadBucketCommand({ Bucket: 'another' })))).to.deep.equal({
      name: 'NoSuchBucket',
      status: 404,
    });
  });

  it('refuses to overwrite where it is asked to', async () => {
    await put(HOSTILE, { IfNoneMatch: '*' });
    expect(await failureOf(put('other', { IfNoneMatch: '*' }))).to.deep.equal({
      name: 'PreconditionFailed',
      status: 412,
    });
    expect(await get()).to.deep.equal(HOSTILE);
    await put('other');
    expect((await get()).toString()).to.equal('other');
  });

  it('fails as S3 and its connections fail', async () => {
    struckBy('upload', { kind: 'answer', status: 503, code: 'SlowDown' });
    expect(await failureOf(put())).to.deep.equal({ name: 'SlowDown', status: 503 });
    struckBy('upload', { kind: 'answer', status: 404, code: 'NoSuchBucket' });
    expect((await failureOf(put())).name).to.equal('NoSuchBucket');
    struckBy('upload', { kind: 'reset', when: 'after' });
    expect((await failureOf(put())).code).to.equal('ECONNRESET');
    expect(await get()).to.deep.equal(HOSTILE);
    expect(script.uploadsOf(KEY).length).to.equal(3);
  });

  it('breaks a body off half-way', async () => {
    await put();
    struckBy('read', { kind: 'cut-off', afterBytes: 4 });
    expect((await failureOf(get())).code).to.equal('ECONNRESET');
    expect(await get()).to.deep.equal(HOSTILE);
  });

  it('falls silent half-way through a body until it is healed', async () => {
    await put();
    struckBy('read', { kind: 'cut-off', afterBytes: 4, silent: true });
    const { Body } = await client.send(new GetObjectCommand(AT));
    const body = Body as Readable;
    const [part] = await once(body, 'data');
    expect(part).to.deep.equal(HOSTILE.subarray(0, 4));
    const broken = once(body, 'end');
    script.heal();
    expect((await failureOf(broken)).code).to.equal('ECONNRESET');
  });

  it('gives a call up as soon as its caller does', async () => {
    struckBy('upload', { kind: 'hang' });
    const caller = new AbortController();
    const upload = client.send(new PutObjectCommand({ ...AT, Body: HOSTILE }), {
      abortSignal: caller.signal,
    });
    const failure = failureOf(upload);
    caller.abort();
    expect((await failure).name).to.equal('AbortError');
    expect(objects.has(KEY)).to.equal(false);
  });

  it('says that it does not know a call', async () => {
    const copy = client.send(new CopyObjectCommand({ ...AT, CopySource: 'vault/a' }));
    const failure = await copy.catch((error: unknown) => error);
    expect(String(failure)).to.match(/knows no such call \(input members: Bucket, Key, CopySource\)/);
  });
});

describe('a bucket in memory', () => {
  it('holds what is put, until it is deleted or everything is', async () => {
    const bucket = new MemoryBucket();
    await bucket.put('b', Buffer.from('1'));
    await bucket.put('a', Buffer.from('2'));
    expect(await bucket.keys()).to.deep.equal(['a', 'b']);
    await bucket.delete('a');
    expect(await bucket.get('a')).to.equal(undefined);
    await bucket.empty();
    expect(await bucket.keys()).to.deep.equal([]);
  });
});
