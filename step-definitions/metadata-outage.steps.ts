import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { VaultWorld } from '../support/world';

Given('the vault works while {}', async function (this: VaultWorld, moment: string) {
  this.jobId = await this.moments.reach(moment);
});

Given('MongoDB cannot be reached', async function (this: VaultWorld) {
  await this.outage.begin();
});

When('MongoDB is away for a moment and the work continues', async function (this: VaultWorld) {
  await this.outage.forAMoment(() => this.moments.letGo());
  await this.waitForJob();
});

When('the auditor searches while MongoDB is away for a moment', async function (this: VaultWorld) {
  await this.outage.searchDuringAMoment();
});

When('MongoDB is away until every call that needs it has been answered', async function (this: VaultWorld) {
  await this.outage.begin();
  this.moments.letGo();
  await this.outage.askEverything();
  await this.outage.end();
});

Then('each search finds {log} or says when to ask again', function (this: VaultWorld, name: string) {
  this.outage.expectFoundOrUnavailable(this.scope.log(name));
});

Then(
  'each answer says within the time allowed that the vault cannot know now, and when to ask again',
  function (this: VaultWorld) {
    this.outage.expectUnavailable();
  },
);

Then('the vault serves again without help', async function (this: VaultWorld) {
  await this.outage.untilServing();
});

Then('the job ends as completed, or as failed because MongoDB was away', async function (this: VaultWorld) {
  await this.waitForJob();
  const { state, error, jobId } = this.job;
  expect(error?.code ?? state, `how job ${jobId} ended`).to.be.oneOf(['completed', 'metadata_unavailable']);
});

Then('the next ingestion completes', async function (this: VaultWorld) {
  await this.ingestAndWait();
  expect(this.job.state, `job ${this.job.jobId}, asked for after MongoDB came back`).to.equal('completed');
});
