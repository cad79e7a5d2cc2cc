import { describe, it } from 'node:test';
import { expect } from 'chai';
import { FramingError, isAwsChunked, undoAwsChunked } from './aws-chunked';

const framed = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '11' };

describe('aws-chunked', () => {
  it('is announced by either header', () => {
    expect(isAwsChunked({ 'content-encoding': 'gzip, aws-chunked' })).to.equal(true);
    expect(isAwsChunked({ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })).to.equal(true);
    expect(isAwsChunked({ 'content-encoding': 'gzip', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' })).to.equal(
      false,
    );
  });

  it('leaves other bodies as they are', () => {
    const body = Buffer.from('5\r\nhello\r\n0\r\n\r\n');
    expect(undoAwsChunked({}, body)).to.equal(body);
  });

  it('takes away sizes, signatures and trailers', () => {
    const body =
      'A;chunk-signature=00ff\r\n{"a":\r\n1}\n\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n';
    expect(undoAwsChunked(framed, Buffer.from(body)).toString()).to.equal('{"a":\r\n1}\n!');
  });

  it('knows an empty body', () => {
    expect(
      undoAwsChunked({ 'content-encoding': 'aws-chunked' }, Buffer.from('0\r\n\r\n')).byteLength,
    ).to.equal(0);
  });

  for (const [what, body] of [
    ['no end', 'B\r\nhello world\r\n'],
    ['a chunk too long', 'F\r\nhello world\r\n0\r\n\r\n'],
    ['a size that is none', 'xyz\r\nhello world\r\n0\r\n\r\n'],
    ['fewer bytes than announced', '5\r\nhello\r\n0\r\n\r\n'],
    ['nothing', ''],
  ] as const) {
    it(`refuses a body with ${what}`, () => {
      expect(() => undoAwsChunked(framed, Buffer.from(body))).to.throw(FramingError);
    });
  }
});
