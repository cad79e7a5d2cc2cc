import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { Job } from '../../services/job-service';
import { type JobCircumstances, wrongEnding } from './job-verdict';

const none: JobCircumstances = {
  providerFaults: 0,
  uploadFaults: 0,
  storageFaults: 0,
  refusals: new Set(),
  damaged: false,
  metadataAwayMs: 0,
  alone: true,
  maxAttempts: 4,
  heldUpMs: 0,
  callTimeoutMs: 1_500,
};
const completed: Job = {
  jobId: 'job_1',
  state: 'completed',
  recordsSynced: 1,
  bytesWritten: 1,
  s3Path: 's3://vault/x',
  error: undefined,
};

function failedWith(code: string, circumstances: Partial<JobCircumstances> = {}): string | undefined {
  const job: Job = { ...completed, state: 'failed', s3Path: undefined, error: { code, message: 'm' } };
  return wrongEnding(job, { ...none, ...circumstances });
}

describe('wrongEnding', () => {
  it('explains calls that took too long by a machine that held everybody up, of all tries', () => {
    for (const code of ['provider_unavailable', 'storage_unavailable']) {
      expect(failedWith(code, { heldUpMs: 500 })).to.contain('which nothing it met explains');
      expect(failedWith(code, { heldUpMs: 700 })).to.equal(undefined);
      expect(failedWith(code, { heldUpMs: 200, maxAttempts: 1 })).to.equal(undefined);
    }
    expect(failedWith('provider_rejected', { heldUpMs: 9_000 })).to.contain('which nothing it met explains');
  });

  it('lets a job complete whatever it could get over', () => {
    expect(wrongEnding(completed, { ...none, providerFaults: 3, uploadFaults: 3 })).to.equal(undefined);
    expect(wrongEnding({ ...completed, s3Path: undefined }, none)).to.match(/without a manifest/);
  });

  it('wants a job to fail after a refusal, unless another one may have met it', () => {
    const refusals = new Set(['provider_unauthorized']);
    expect(wrongEnding(completed, { ...none, refusals })).to.match(/has to fail/);
    expect(wrongEnding(completed, { ...none, refusals, alone: false })).to.equal(undefined);
  });

  it('wants every failure explained by what the job met', () => {
    expect(failedWith('internal_error')).to.match(/it met no fault/);
    expect(failedWith('provider_unavailable', { providerFaults: 3 })).to.match(/3 faults .* of 4 attempts/);
    expect(failedWith('provider_unavailable', { providerFaults: 4 })).to.equal(undefined);
    expect(failedWith('storage_unavailable', { providerFaults: 4 })).to.match(/explains/);
    expect(failedWith('storage_unavailable', { uploadFaults: 4 })).to.equal(undefined);
    expect(failedWith('storage_rejected', { storageFaults: 1 })).to.equal(undefined);
    expect(failedWith('storage_rejected', { refusals: new Set(['storage_rejected']) })).to.equal(undefined);
    expect(failedWith('metadata_unavailable', { metadataAwayMs: 900 })).to.match(/away for 900 ms/);
    expect(failedWith('metadata_unavailable', { metadataAwayMs: 1_100 })).to.equal(undefined);
    expect(failedWith('content_changed', { damaged: true })).to.equal(undefined);
  });

  it('wants a failed job to say why, and to name no manifest', () => {
    expect(wrongEnding({ ...completed, state: 'failed' }, none)).to.match(/without saying why/);
    const job: Job = { ...completed, state: 'failed', error: { code: 'storage_rejected', message: 'm' } };
    expect(wrongEnding(job, { ...none, damaged: true })).to.match(/names the manifest/);
  });
});
