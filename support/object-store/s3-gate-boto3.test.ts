import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { GateFixture } from './gate-fixture';

const PYTHON = '/usr/bin/python3';
const hasBoto3 = spawnSync(PYTHON, ['-c', 'import boto3']).status === 0;

describe('the gate in front of S3, called by boto3', {
  skip: hasBoto3 ? false : `${PYTHON} has no boto3`,
}, () => {
  it('passes on bytes, parts and errors as they are, and notes them', async () => {
    const fixture = await GateFixture.open();
    try {
      const slow = { class: 'upload', key: 'boto3/slow' } as const;
      fixture.script.arm(slow, { kind: 'answer', status: 503, code: 'SlowDown' }, 1);
      fixture.script.arm(
        { class: 'read', key: 'boto3/slow' },
        { kind: 'answer', status: 503, code: 'SlowDown' },
        1,
      );
      const { stdout } = await promisify(execFile)(
        PYTHON,
        [join(__dirname, 'boto3-through-the-gate.py'), fixture.gate.endpoint, fixture.bucketName],
        { timeout: 20_000 },
      );
      const { small, empty, large, ...rest } = JSON.parse(stdout) as Record<string, unknown> & {
        readonly [what in 'small' | 'empty' | 'large']: readonly [string, string];
      };
      expect(rest).to.deep.equal({
        head: 0,
        missing: ['404', 404],
        missingRead: ['NoSuchKey', 404],
        slow: ['SlowDown', 503],
        slowHead: ['503', 503],
        keys: ['boto3/empty', 'boto3/large', 'boto3/small'],
      });
      for (const [sent, got] of [small, empty, large]) expect(got).to.equal(sent);
      const noted = (key: string) => fixture.script.uploadsOf(key).map(({ checksum }) => checksum);
      expect(noted('boto3/small')).to.deep.equal([small[0]]);
      expect(noted('boto3/empty')).to.deep.equal([empty[0]]);
      expect(noted('boto3/slow')).to.deep.equal([small[0]]);
      const operations = fixture.script.uploadsOf('boto3/large').map(({ operation }) => operation);
      expect(operations.sort()).to.deep.equal(['CreateMultipartUpload', ...Array(3).fill('UploadPart')]);
      expect(fixture.gate.findings()).to.deep.equal([]);
    } finally {
      await fixture.close();
    }
  });
});
