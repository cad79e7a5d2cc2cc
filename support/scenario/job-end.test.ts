import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { Job } from '../../services/job-service';
import { ProviderScript } from '../provider/provider-script';
import { jobEnd } from './job-end';

const FAILED: Job = {
  jobId: 'job_1',
  state: 'failed',
  recordsSynced: 0,
  bytesWritten: 0,
  s3Path: undefined,
  error: { code: 'provider_rejected', message: 'the provider answered 404' },
};

describe('how a job ended', () => {
  it('is told in the words of the vault', () => {
    const script = new ProviderScript('key');
    expect(jobEnd(FAILED, script)).to.equal(
      'job job_1 ended with provider_rejected: the provider answered 404',
    );
    expect(jobEnd({ ...FAILED, state: 'processing', error: undefined }, script)).to.equal(
      'job job_1 is processing, without an error',
    );
  });

  it('names the calls that the provider turned away, each once, and not those that an armed fault struck', async () => {
    const script = new ProviderScript('key');
    const ask = async (target: string, key = 'key'): Promise<unknown> =>
      await script.answer({ target, authorization: `Bearer ${key}` });
    script.arm({ kind: 'payload', sourceId: 'armed' }, { kind: 'status', status: 404 }, 1);
    await ask('/okta/logs/armed');
    await ask('/okta/logs/evt+1');
    await ask('/okta/logs/evt+1');
    await ask('/okta/logs?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&cursor=after+1');
    expect(jobEnd(FAILED, script)).to.equal(
      'job job_1 ended with provider_rejected: the provider answered 404; the provider turned away ' +
        'GET /okta/logs/evt+1 (404: it offers no log with the id "evt+1"), ' +
        'GET /okta/logs?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&cursor=after+1 ' +
        '(400: no page ever named the cursor "after 1")',
    );
    await ask('/okta/logs', 'other');
    await ask('/okta/logs');
    expect(jobEnd(FAILED, script))
      .to.match(/, and 1 more$/)
      .and.to.contain('without the key');
  });
});
