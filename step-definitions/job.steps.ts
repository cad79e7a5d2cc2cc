import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { isTerminal } from '../services/job-service';
import { showsStackTrace } from '../support/ledger/answer-findings';
import type { CountedLogs } from '../support/parameter-types';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

When('the auditor asks for the jobs that are called', async function (this: VaultWorld, all: DataTable) {
  await this.helpers.answers.ask(all.rows(), ([jobId]) => this.services.jobs.ask(jobId));
});

Then('the job completes', async function (this: VaultWorld) {
  await this.jobs.untilEnded();
  this.jobs.expectLastCompleted();
  await this.helpers.storedLogs.expectCompletedMeansReadable(this.jobs.last);
});

Then('every job completes', async function (this: VaultWorld) {
  await this.jobs.untilAllCompleted();
});

Then('a second job completes', async function (this: VaultWorld) {
  const { jobId, state, error } = this.jobs.last;
  expect(jobId, 'the job that was given').not.to.equal(this.jobs.firstId);
  expect(state, `job ${jobId} (${error?.code ?? 'no error code'}: ${error?.message ?? ''})`).to.equal(
    'completed',
  );
  await this.helpers.storedLogs.expectCompletedMeansReadable(this.jobs.last);
});

Then('the jobs together count each log and its bytes once', async function (this: VaultWorld) {
  await this.jobs.expectEachCountedOnce();
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

Then('its job is active and names no manifest', async function (this: VaultWorld) {
  await this.helpers.requests.untilProviderAsked();
  const { state, recordsSynced, bytesWritten, s3Path, error } = await this.services.watcher.look(
    this.jobs.startedId ?? '',
  );
  expect(isTerminal(state), `the job is ${state} although its provider has not answered yet`).to.equal(false);
  expect({ recordsSynced, bytesWritten, s3Path, error }, `job ${this.jobs.startedId}`).to.deep.equal({
    recordsSynced: 0,
    bytesWritten: 0,
    s3Path: undefined,
    error: undefined,
  });
});

Then('its counts are those of the metadata it wrote', async function (this: VaultWorld) {
  await this.services.manifests.expectExactCounts(this.jobs.last);
});

Then('it says why in plain words', function (this: VaultWorld) {
  const { error, jobId } = this.jobs.last;
  expect(error?.message, `what job ${jobId} says of its failure`).to.match(/\S/);
  expect(
    showsStackTrace(error?.message ?? ''),
    `job ${jobId} shows a stack trace: ${error?.message}`,
  ).to.equal(false);
});

Then(
  'every accepted job completes in time, without being asked for again',
  async function (this: VaultWorld) {
    await this.helpers.vaultRestarts.untilEnded();
    await this.jobs.untilAllCompleted();
  },
);

Then('no job is seen going backwards for longer than a lease', async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.expectNoneBackwards();
  this.helpers.heldJobs.letGo();
});

Then('the job ends as completed, or as failed because MongoDB was away', async function (this: VaultWorld) {
  await this.jobs.untilEnded();
  const { state, error, jobId } = this.jobs.last;
  expect(error?.code ?? state, `how job ${jobId} ended`).to.be.oneOf(['completed', 'metadata_unavailable']);
});
