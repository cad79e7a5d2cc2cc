import { describe, it } from 'node:test';
import { expect } from 'chai';
import { contractNaming } from './naming';
import { sha256Checksum } from './sha256-checksum';

describe('names', () => {
  it('are those of the contract', () => {
    // printf 'aws_cloudtrail\nevt-1' | sha256sum
    expect(contractNaming.logId('aws_cloudtrail', 'evt-1')).to.equal('log_3d5d6cd3a5d4c4ef7edf3a1c');
    expect(contractNaming.objectKey('2026/01/31', 'p', 'log_1')).to.equal('2026/01/31/p/log_1.json');
    expect(contractNaming.manifestKey('2026/01/31', 'job_1')).to.equal('2026/01/31/job_1/logs.json');
  });

  it('and so are checksums', () => {
    expect(sha256Checksum(Buffer.alloc(0))).to.equal(
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });
});
