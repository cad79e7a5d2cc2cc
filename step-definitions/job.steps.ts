import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { CountedLogs } from '../support/parameter-types';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Then('the job completes', async function (this: VaultWorld) {
  await this.jobs.untilEnded();
  this.jobs.expectLastCompleted();
  await this.helpers.storedLogs.expectCompletedMeansReadable(this.jobs.last);
});

Then('every job completes', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.untilAllCompleted();
});

Then('a second job completes', async function (this: VaultWorld) {
  const { jobId, state, error } = this.jobs.last;
  expect(jobId, 'the job that was given').not.to.equal(this.helpers.repeatedIngestions.firstJobId);
  expect(state, `job ${jobId} (${error?.code ?? 'no error code'}: ${error?.message ?? ''})`).to.equal(
    'completed',
  );
  await this.helpers.storedLogs.expectCompletedMeansReadable(this.jobs.last);
});

Then('the jobs together count each log and its bytes once', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.expectEachCountedOnce();
});

Then('the job completed only if {log} can be read', async function (this: VaultWorld, log: LocatedLog) {
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

Then('it counts {counted logs}(, to the byte)', function (this: VaultWorld, counted: CountedLogs) {
  const { recordsSynced, bytesWritten, jobId } = this.jobs.last;
  expect({ recordsSynced, bytesWritten }, `metrics of job ${jobId}`).to.deep.equal(counted);
});

Then('the job was never seen going backwards', async function (this: VaultWorld) {
  await this.services.watcher.look(this.jobs.last.jobId);
});

Then('the job stays as it ended', async function (this: VaultWorld) {
  await this.services.watcher.staysEnded(this.jobs.last.jobId);
});

Then('no job has changed since it ended', async function (this: VaultWorld) {
  await this.jobs.expectUnchanged();
});
