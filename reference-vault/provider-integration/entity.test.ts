import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { isTransient } from '../faults';
import { readEntity } from './entity';

const BYTES = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x00, 0x7d, 0x0a]);
const digestOf = (bytes: Buffer): string =>
  `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
const read = (sent: Buffer, headers: Record<string, string> = {}): Promise<Buffer> =>
  readEntity({ status: 200, headers, sent });

const refused = async (promise: Promise<unknown>): Promise<void> => {
  const [outcome] = await Promise.allSettled([promise]);
  expect(outcome.status).to.equal('rejected');
  expect(outcome.status === 'rejected' && isTransient(outcome.reason)).to.equal(true);
};

describe('an entity', () => {
  it('is the bytes that were sent', async () => {
    expect(await read(BYTES)).to.equal(BYTES);
    expect(await read(Buffer.alloc(0), { 'content-length': '0' })).to.have.length(0);
  });

  it('is what lies beneath the transport encodings', async () => {
    expect(await read(gzipSync(BYTES), { 'content-encoding': 'gzip' })).to.deep.equal(BYTES);
    expect(await read(gzipSync(BYTES), { 'content-encoding': 'GZIP' })).to.deep.equal(BYTES);
    expect(await read(BYTES, { 'content-encoding': 'identity' })).to.equal(BYTES);
  });

  it('may itself be gzip', async () => {
    const zipped = gzipSync(BYTES);
    expect(await read(zipped)).to.equal(zipped);
  });

  it('is refused when it is cut, by length or in its encoding', async () => {
    await refused(read(BYTES, { 'content-length': String(BYTES.byteLength + 1) }));
    await refused(read(gzipSync(BYTES).subarray(0, 12), { 'content-encoding': 'gzip' }));
    await refused(read(deflateSync(BYTES), { 'content-encoding': 'deflate' }));
  });

  it('is held against its digest', async () => {
    const zipped = gzipSync(BYTES);
    await read(BYTES, { 'content-digest': `sha-512=:AAAA:, ${digestOf(BYTES)}` });
    await read(zipped, { 'content-encoding': 'gzip', 'content-digest': digestOf(zipped) });
    await read(zipped, { 'content-encoding': 'gzip', 'content-digest': digestOf(BYTES) });
    await read(BYTES, { 'content-digest': 'sha-512=:AAAA:' });
    await refused(read(BYTES, { 'content-digest': digestOf(zipped) }));
  });
});
