import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { type RunningS3, startFauxqs } from './fauxqs-server';
import { clientOf, contentsOf, HOSTILE } from './gate-fixture';
import type { S3Contents } from './s3-contents';

describe('the bucket as the suite reaches it', () => {
  let s3: RunningS3;
  const opened: { close(): void }[] = [];
  before(async () => {
    s3 = await startFauxqs();
  });
  after(async () => {
    for (const each of opened) each.close();
    await s3.stop();
  });

  const bucket = (name = `unit-${randomUUID()}`): S3Contents => {
    const contents = contentsOf(s3.endpoint, name);
    opened.push(contents);
    return contents;
  };
  const client = () => {
    const made = clientOf(s3.endpoint);
    opened.push({ close: () => made.destroy() });
    return made;
  };
  const refusalOf = async (call: Promise<unknown>): Promise<string> => {
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(SuiteError);
    return (error as SuiteError).message;
  };

  it('is made, marked, filled, read, tampered with and emptied; the mark stays and is no content', async () => {
    const contents = bucket();
    await contents.ensureOwn('run 1');
    expect(await contents.keys()).to.deep.equal([]);
    await contents.put('b', HOSTILE);
    await contents.put('a', Buffer.alloc(0));
    expect(await contents.keys()).to.deep.equal(['a', 'b']);
    expect(await contents.get('b')).to.deep.equal(HOSTILE);
    expect(await contents.get('a')).to.deep.equal(Buffer.alloc(0));
    expect(await contents.get('c')).to.equal(undefined);
    await contents.put('b', HOSTILE, { label: 'of b' });
    expect(await contents.userMetadataOf('b')).to.deep.equal({ label: 'of b' });
    expect(await contents.userMetadataOf('c')).to.deep.equal({});
    expect([await contents.has('a'), await contents.has('c')]).to.deep.equal([true, false]);
    await contents.delete('a');
    await contents.delete('never there');
    expect(await contents.keys()).to.deep.equal(['b']);
    await contents.empty();
    expect(await contents.keys()).to.deep.equal([]);
    const mark = { Bucket: contents.bucketName, Key: 'audit-vault-suite.mark' };
    expect((await client().send(new HeadObjectCommand(mark))).ContentLength).to.be.above(0);
  });

  it('is the same one in the next run, whatever it holds', async () => {
    const first = bucket();
    await first.ensureOwn('run 1');
    await first.put('left over', HOSTILE);
    const second = bucket(first.bucketName);
    await second.ensureOwn('run 2');
    await second.empty();
    expect(await first.keys()).to.deep.equal([]);
  });

  it('is never emptied when it holds objects of others', async () => {
    const contents = bucket();
    const Bucket = contents.bucketName;
    await client().send(new CreateBucketCommand({ Bucket }));
    await client().send(new PutObjectCommand({ Bucket, Key: 'precious', Body: 'x' }));
    expect(await refusalOf(contents.ensureOwn('run'))).to.match(/holds objects and bears no mark.*S3_BUCKET/);
    expect(await refusalOf(contents.empty())).to.match(/is not emptied/);
    expect(await contents.keys()).to.deep.equal(['precious']);
  });

  it('is not emptied before it was made sure whose it is', async () => {
    expect(await refusalOf(bucket().empty())).to.match(/is not emptied/);
  });

  it('lists and empties more objects than fit on a page or in a batch, whatever their order', async () => {
    const contents = bucket();
    await contents.ensureOwn('run');
    const keys = Array.from({ length: 1_005 }, (_, index) => `${'aBbAéZ'[index % 6]}/${index}`);
    for (const key of keys) {
      // Not by the SDK, which takes six times as long.
      await fetch(`${s3.endpoint}/${contents.bucketName}/${encodeURI(key)}`, { method: 'PUT', body: 'x' });
    }
    expect(await contents.keys()).to.deep.equal([...keys].sort());
    await contents.empty();
    expect(await contents.keys()).to.deep.equal([]);
  });

  it('survives multipart uploads that never ended', async () => {
    const contents = bucket();
    await contents.ensureOwn('run');
    await client().send(new CreateMultipartUploadCommand({ Bucket: contents.bucketName, Key: 'k' }));
    await contents.empty();
  });

  for (const [status, code] of [
    [404, 'NoSuchUpload'],
    [501, 'NotImplemented'],
  ] as const) {
    it(`is emptied on an S3 that answers ${code} when it is asked for multipart uploads`, async () => {
      const empty =
        '<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>';
      const server = createServer((request, response) => {
        request.resume();
        const asksForUploads = request.url?.includes('uploads') === true;
        if (asksForUploads) response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
        else if (request.method === 'HEAD' && request.url?.includes('mark') === true)
          response.writeHead(404).end();
        else response.end(request.method === 'GET' ? empty : '');
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const contents = contentsOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'b');
      opened.push(contents, server);
      await contents.ensureOwn('run');
      await contents.empty();
    });
  }

  it('says in a sentence that its S3 cannot be reached', async () => {
    const contents = contentsOf('http://127.0.0.1:1', 'b');
    opened.push(contents);
    expect(await refusalOf(contents.ensureOwn('run'))).to.match(
      /^The S3 at http:\/\/127\.0\.0\.1:1 cannot be used \(.*ECONNREFUSED/,
    );
  });

  it('blames its S3, and nobody else, where a look or a change has no answer', async () => {
    const contents = contentsOf('http://127.0.0.1:1', 'b');
    opened.push(contents);
    const bytes = Buffer.from('x');
    for (const work of [
      () => contents.get('k'),
      () => contents.has('k'),
      () => contents.put('k', bytes),
      () => contents.keys(),
    ]) {
      expect(await refusalOf(work())).to.match(/cannot be used \(.*ECONNREFUSED/);
    }
  });
});
