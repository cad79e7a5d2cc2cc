import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { VaultWorld } from '../support/world';

Then('the job completes', async function (this: VaultWorld) {
  this.expectJobCompleted();
  await this.inspect.expectCompletedMeansReadable(this.job);
});

Then('the job completed only if {log} can be read', async function (this: VaultWorld, name: string) {
  const { state, jobId } = this.job;
  const { status } = await this.logs.raw(this.scope.log(name).logId);
  expect(
    state === 'completed' && status !== 200,
    `job ${jobId}, to which "${name}" was listed, says ${state}, but reading "${name}" is answered with ${status}`,
  ).to.equal(false);
});

Then('the job fails with the code {string}', function (this: VaultWorld, code: string) {
  const { state, error, s3Path, jobId } = this.job;
  expect({ state, code: error?.code, s3_path: s3Path }, `job ${jobId}`).to.deep.equal({
    state: 'failed',
    code,
    s3_path: undefined,
  });
});

Then('it counts {count of logs}(, to the byte)', function (this: VaultWorld, records: number) {
  const bytes = records === 0 ? 0 : this.scope.logs.reduce((sum, { payload }) => sum + payload.byteLength, 0);
  const { recordsSynced, bytesWritten, jobId } = this.job;
  expect({ recordsSynced, bytesWritten }, `metrics of job ${jobId}`).to.deep.equal({
    recordsSynced: records,
    bytesWritten: bytes,
  });
});

Then('the jobs together count {count of logs}', function (this: VaultWorld, records: number) {
  const counts = this.seenJobs.map(({ recordsSynced }) => recordsSynced);
  expect(
    counts.reduce((sum, count) => sum + count, 0),
    `records_synced of ${counts.length} jobs (${counts.join(' and ')}) in all`,
  ).to.equal(records);
});

Then('the first job is unchanged', async function (this: VaultWorld) {
  const [first] = this.seenJobs;
  expect(await this.watcher.look(first?.jobId ?? ''), `job ${first?.jobId}`).to.deep.equal(first);
});

Then('the job was never seen going backwards', async function (this: VaultWorld) {
  await this.watcher.look(this.job.jobId);
});

Then('the job stays as it ended', async function (this: VaultWorld) {
  await this.watcher.staysEnded(this.job.jobId);
});

Then('after storage recovers the job completes', async function (this: VaultWorld) {
  this.bucket.heal();
  await this.waitForJob();
  this.expectJobCompleted();
});
