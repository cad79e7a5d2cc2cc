import { describe, it } from 'node:test';
import { expect } from 'chai';
import { classifyS3Request } from './s3-request';

const calls: readonly (readonly [string, string, string, string])[] = [
  ['GET', '/', 'ListBuckets', 'other'],
  ['HEAD', '/vault/', 'HeadBucket', 'other'],
  ['PUT', '/vault', 'CreateBucket', 'other'],
  ['DELETE', '/vault', 'DeleteBucket', 'other'],
  ['GET', '/vault/?list-type=2&prefix=a%2Fb', 'ListObjectsV2', 'other'],
  ['GET', '/vault?prefix=a', 'ListObjects', 'other'],
  ['GET', '/vault?uploads=', 'ListMultipartUploads', 'other'],
  ['POST', '/vault?delete', 'DeleteObjects', 'other'],
  ['GET', '/vault?versioning', 'GET bucket versioning', 'other'],
  ['GET', '/vault/k?x-id=GetObject', 'GetObject', 'read'],
  ['GET', '/vault/k?attributes', 'GetObjectAttributes', 'read'],
  ['HEAD', '/vault/k', 'HeadObject', 'read'],
  ['GET', '/vault/k?uploadId=1', 'ListParts', 'other'],
  ['PUT', '/vault/k?x-id=PutObject', 'PutObject', 'upload'],
  ['PUT', '/vault/k?partNumber=1&uploadId=u', 'UploadPart', 'upload'],
  ['PUT', '/vault/k?tagging', 'PUT object tagging', 'other'],
  ['POST', '/vault/k?uploads', 'CreateMultipartUpload', 'upload'],
  ['POST', '/vault/k?uploadId=u', 'CompleteMultipartUpload', 'other'],
  ['DELETE', '/vault/k?uploadId=u', 'AbortMultipartUpload', 'other'],
  ['DELETE', '/vault/k', 'DeleteObject', 'other'],
];

describe('an S3 request', () => {
  for (const [method, target, operation, callClass] of calls) {
    it(`${method} ${target} is ${operation}, class ${callClass}`, () => {
      const request = classifyS3Request(method, target, {});
      expect(request).to.include({ operation, class: callClass });
      expect(request.carriesBytes).to.equal(operation === 'PutObject' || operation === 'UploadPart');
    });
  }

  it('is an upload without bytes of its own where it copies', () => {
    const headers = { 'x-amz-copy-source': '/vault/other' };
    expect(classifyS3Request('PUT', '/vault/k', headers)).to.include({
      operation: 'CopyObject',
      class: 'upload',
      carriesBytes: false,
    });
    expect(classifyS3Request('PUT', '/vault/k?partNumber=1&uploadId=u', headers).operation).to.equal(
      'UploadPartCopy',
    );
  });

  it('names bucket and key as they are meant', () => {
    expect(
      classifyS3Request('PUT', '/vault/2026/01/01/a%20b%2Bc/%C3%BC+%25.json?x-id=PutObject', {}),
    ).to.include({
      bucket: 'vault',
      key: '2026/01/01/a b+c/ü+%.json',
    });
    expect(classifyS3Request('GET', '/vault/%zz', {}).key).to.equal('%zz');
    expect(classifyS3Request('GET', '//vault/k', {})).to.include({ bucket: '', key: 'vault/k' });
  });
});
