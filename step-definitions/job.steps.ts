import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { NamedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Then('the job completes', async function (this: VaultWorld) {
  this.jobs.expectLastCompleted();
  await this.helpers.storedLogs.expectCompletedMeansReadable(this.jobs.last);
});

Then('the job completed only if {log} can be read', async function (this: VaultWorld, log: NamedLog) {
  const { state, jobId } = this.jobs.last;
  const { status } = await this.services.logs.raw(log.logId);
  expect(
    state === 'completed' && status !== 200,
    `job ${jobId}, to which "${log.name}" was listed, says ${state}, but reading "${log.name}" is answered with ${status}`,
  ).to.equal(false);
});

Then('the job fails with the code {string}', function (this: VaultWorld, code: string) {
  const { state, error, s3Path, jobId } = this.jobs.last;
  expect({ state, code: error?.code, s3_path: s3Path }, `job ${jobId}`).to.deep.equal({
    state: 'failed',
    code,
    s3_path: undefined,
  });
});

Then('it counts {count of logs}(, to the byte)', function (this: VaultWorld, records: number) {
  const bytes = records === 0 ? 0 : this.scope.logs.reduce((sum, { payload }) => sum + payload.byteLength, 0);
  const { recordsSynced, bytesWritten, jobId } = this.jobs.last;
  expect({ recordsSynced, bytesWritten }, `metrics of job ${jobId}`).to.deep.equal({
    recordsSynced: records,
    bytesWritten: bytes,
  });
});

Then('the jobs together count {count of logs}', function (this: VaultWorld, records: number) {
  const counts = this.jobs.seen.map(({ recordsSynced }) => recordsSynced);
  expect(
    counts.reduce((sum, count) => sum + count, 0),
    `records_synced of ${counts.length} jobs (${counts.join(' and ')}) in all`,
  ).to.equal(records);
});

Then('the first job is unchanged', async function (this: VaultWorld) {
  const [first] = this.jobs.seen;
  expect(await this.services.watcher.look(first?.jobId ?? ''), `job ${first?.jobId}`).to.deep.equal(first);
});

Then('the job was never seen going backwards', async function (this: VaultWorld) {
  await this.services.watcher.look(this.jobs.last.jobId);
});

Then('the job stays as it ended', async function (this: VaultWorld) {
  await this.services.watcher.staysEnded(this.jobs.last.jobId);
});

Then('after storage recovers the job completes', async function (this: VaultWorld) {
  this.bucket.heal();
  await this.jobs.untilEnded();
  this.jobs.expectLastCompleted();
});

Then('it counts {log} alone, to the byte', function (this: VaultWorld, log: NamedLog) {
  const { recordsSynced, bytesWritten, jobId } = this.jobs.last;
  expect({ recordsSynced, bytesWritten }, `metrics of job ${jobId}`).to.deep.equal({
    recordsSynced: 1,
    bytesWritten: log.payload.byteLength,
  });
});
