import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { checksumOf } from '../bytes/checksum';
import { failureOf, GateFixture, HOSTILE } from './gate-fixture';

const PART_BYTES = 5 * 1024 * 1024;

describe('the gate in front of S3', () => {
  let fixture: GateFixture;
  before(async () => {
    fixture = await GateFixture.open();
  });
  after(async () => await fixture.close());
  afterEach(() => fixture.reset());

  describe('passes on', () => {
    for (const [what, bytes] of [
      ['hostile bytes', HOSTILE],
      ['no bytes at all', Buffer.alloc(0)],
      ['12 MiB', randomBytes(12 * 1024 * 1024)],
    ] as const) {
      it(`${what} from a buffer and from a stream, and notes their SHA-256`, async () => {
        for (const body of [bytes, Readable.from([bytes], { objectMode: false })]) {
          const key = fixture.newKey();
          await fixture.put(key, body, Buffer.isBuffer(body) ? {} : { ContentLength: bytes.byteLength });
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
          expect(checksumOf(await fixture.get(key))).to.equal(checksumOf(bytes));
        }
        expect(fixture.gate.findings()).to.deep.equal([]);
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
      await fixture.put(from);
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
      expect((await failureOf(fixture.get(to))).name).to.equal('NoSuchKey');
      const head = fixture.client.send(new HeadObjectCommand({ Bucket: fixture.bucketName, Key: to }));
      expect((await failureOf(head)).status).to.equal(404);
    });

    it('keys that need encoding', async () => {
      const key = `2026/01/01/a b+c/${'x'.repeat(200)}-ü%&?.json`;
      await fixture.put(key);
      expect(await fixture.get(key)).to.deep.equal(HOSTILE);
      expect(fixture.script.uploadsOf(key)).to.have.length(1);
    });
  });

  describe('conditional writes', () => {
    it('answers 412 to If-None-Match: * on a key that exists', async () => {
      const key = fixture.newKey();
      await fixture.put(key, HOSTILE, { IfNoneMatch: '*' });
      const second = fixture.put(key, Buffer.from('other'), { IfNoneMatch: '*' });
      expect(await failureOf(second)).to.deep.equal({ name: 'PreconditionFailed', status: 412 });
      expect(await fixture.contents.get(key)).to.deep.equal(HOSTILE);
      expect(fixture.script.uploadsOf(key)[1]).to.include({ answer: 'PreconditionFailed', performed: false });
    });

    it('lets one of many at a time win', async () => {
      const key = fixture.newKey();
      const bodies = Array.from({ length: 8 }, (_, index) => Buffer.from(`body ${index}`));
      const names = await Promise.all(
        bodies.map(async (body) => (await failureOf(fixture.put(key, body, { IfNoneMatch: '*' }))).name),
      );
      expect(names.filter((name) => name === 'no failure')).to.have.length(1);
      expect(names.filter((name) => name === 'PreconditionFailed')).to.have.length(7);
    });

    it('answers 412 when a multipart upload is completed onto a key that exists', async () => {
      const at = { Bucket: fixture.bucketName, Key: fixture.newKey() };
      const { UploadId } = await fixture.client.send(new CreateMultipartUploadCommand(at));
      const part = { ...at, UploadId, PartNumber: 1 };
      const { ETag } = await fixture.client.send(new UploadPartCommand({ ...part, Body: 'part' }));
      await fixture.put(at.Key);
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
      await fixture.put(key);
      fixture.script.arm({ class: 'upload', key }, { kind: 'reset', when: 'after' }, 1);
      expect((await failureOf(fixture.put(key, HOSTILE, { IfNoneMatch: '*' }))).code).to.equal('ECONNRESET');
      expect(fixture.script.uploadsOf(key)[1]).to.include({ answer: 'connection reset', performed: false });
    });
  });
});
