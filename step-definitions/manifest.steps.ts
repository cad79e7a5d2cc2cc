import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { isTerminal } from '../services/job-service';
import { showsStackTrace } from '../support/ledger/answer-findings';
import type { VaultWorld } from '../support/world';

When(
  "the vault ingests/ingested the provider's logs from {word} to {word}",
  async function (this: VaultWorld, from: string, to: string) {
    const range = this.helpers.requests.rangeOfDay(from, to);
    this.answer = await this.helpers.requests.ask(this.helpers.requests.good({ range }));
    this.jobs.startedId = this.helpers.requests.expectAccepted(this.answer);
    await this.jobs.untilEnded();
  },
);

When('the auditor asks for the job called {}', async function (this: VaultWorld, jobId: string) {
  this.answer = await this.services.jobs.ask(jobId);
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

Then(
  'its manifest lists {count of logs}, as metadata and storage have them',
  async function (this: VaultWorld, logs: number) {
    await this.services.manifests.expectTrueManifest(this.jobs.last, logs);
  },
);

Then('the manifest that it names is in storage', async function (this: VaultWorld) {
  await this.services.manifests.expectStoredArtifact(this.jobs.last);
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
