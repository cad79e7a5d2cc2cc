import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { RETRY_AFTER } from '../services/answer';
import type { JobAskedFor } from '../support/scenario/job-queue';
import type { VaultWorld } from '../support/world';

Given('it is working on the job {string}', async function (this: VaultWorld, job: string) {
  this.helpers.queue.hold();
  await this.helpers.queue.fill([{ name: job }]);
  await this.helpers.queue.untilBegun(job);
});

Given('{jobs asked for} wait(s) for it', async function (this: VaultWorld, jobs: readonly JobAskedFor[]) {
  await this.helpers.queue.fill(jobs);
});

When('an auditor asks (again )for {job asked for}', async function (this: VaultWorld, job: JobAskedFor) {
  this.jobs.startedId = this.helpers.queue.jobIdOf(job.name);
  this.answer = await this.helpers.queue.ask(job);
});

When('{int} auditors ask at once for jobs of their own', async function (this: VaultWorld, auditors: number) {
  await this.helpers.queue.askAtOnce(auditors);
});

When(
  'auditors ask for {int} more jobs than the vault may work on at once',
  async function (this: VaultWorld, more: number) {
    await this.helpers.queue.askAtOnce(this.vault.settings.concurrency + more);
  },
);

When('the queue drains( again)', async function (this: VaultWorld) {
  await this.helpers.queue.drain();
});

Then('the vault asks the auditor to come back later', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.equal(429);
  expect(this.answer.headers['retry-after'] ?? '', 'Retry-After of the answer').to.match(RETRY_AFTER);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('nothing was done for the job {string}', function (this: VaultWorld, job: string) {
  this.helpers.queue.expectNeverBegun(job);
});

Then(
  'at most {int} of them are accepted, and the others are asked to come back later',
  function (this: VaultWorld, most: number) {
    this.helpers.queue.expectAcceptedAtMost(most);
  },
);

Then('the auditor is given the job {string} as it was', function (this: VaultWorld, job: string) {
  expect(this.answer.status, this.quoteAnswer()).to.equal(202);
  expect(this.helpers.queue.jobIdOf(job), `the job given to who asks again for "${job}"`).to.equal(
    this.jobs.startedId,
  );
});

Then('the waiting jobs are begun in the order of their priorities', function (this: VaultWorld) {
  this.helpers.queue.expectOrderOfPriority();
});

Then(
  'the job {string} is begun before the job {string}',
  function (this: VaultWorld, one: string, other: string) {
    this.helpers.queue.expectBegunBefore(one, other);
  },
);

Then(
  'it never shows more jobs as processing than it may, and the others as pending',
  async function (this: VaultWorld) {
    await this.helpers.queue.expectNoMoreAtOnceThan(this.vault.settings.concurrency);
  },
);

Then(
  '{string} is seen processing, and the others are seen pending',
  async function (this: VaultWorld, job: string) {
    await this.helpers.queue.expectAloneAtWork(job);
  },
);
