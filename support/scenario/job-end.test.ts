import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { Job } from '../../services/job-service';
import { ProviderScript } from '../provider/provider-script';
import { expectCompleted } from './job-end';

const FAILED: Job = {
  jobId: 'job_1',
  state: 'failed',
  recordsSynced: 0,
  bytesWritten: 0,
  s3Path: undefined,
  error: { code: 'provider_rejected', message: 'the provider answered 404' },
};

/** Returns the message about jobs that should have completed. */
function told(script: ProviderScript, ...jobs: readonly Job[]): string {
  try {
    expectCompleted(jobs, script);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('how a job ended', () => {
  it('is told in the words of the vault', () => {
    const script = new ProviderScript('key');
    expect(told(script, FAILED)).to.equal(
      'job job_1 ended with provider_rejected: the provider answered 404; it was to complete',
    );
    expect(told(script, { ...FAILED, state: 'processing', error: undefined })).to.match(
      /^job job_1 is processing, without an error; it was to complete$/,
    );
  });

  it('is told of each of several that did not complete, and of no other', () => {
    const script = new ProviderScript('key');
    const done: Job = { ...FAILED, jobId: 'job_0', state: 'completed', error: undefined };
    expect(told(script, done)).to.equal('');
    expect(told(script)).to.equal('');
    expect(told(script, done, FAILED, { ...FAILED, jobId: 'job_2' })).to.equal(
      '2 of 3 jobs did not complete: job job_1 ended with provider_rejected: the provider answered 404; ' +
        'job job_2 ended with provider_rejected: the provider answered 404',
    );
    const many = Array.from({ length: 9 }, (_, at) => ({ ...FAILED, jobId: `job_${at}` }));
    expect(told(script, ...many)).to.match(/^9 of 9 jobs did not complete: .*, and 4 more$/);
  });

  it('names the calls that the provider turned away, each once, and not those that an armed fault struck', async () => {
    const script = new ProviderScript('key');
    const ask = async (target: string, key = 'key'): Promise<unknown> =>
      await script.answer({ target, headers: { authorization: `Bearer ${key}` } });
    script.arm({ kind: 'payload', sourceId: 'armed' }, { kind: 'status', status: 404 }, 1);
    await ask('/okta/logs/armed');
    await ask('/okta/logs/evt+1');
    await ask('/okta/logs/evt+1');
    await ask('/okta/logs?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&cursor=after+1');
    expect(told(script, FAILED, FAILED)).to.contain(
      'the provider answered 404; the provider turned away ' +
        'GET /okta/logs/evt+1 (404: it offers no log with the id "evt+1"), ' +
        'GET /okta/logs?start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z&cursor=after+1 ' +
        '(400: no page ever named the cursor "after 1")',
    );
    await ask('/okta/logs', 'other');
    await ask('/okta/logs');
    expect(told(script, FAILED, FAILED))
      .to.match(/, and 1 more$/)
      .and.to.contain('without the key');
  });
});
