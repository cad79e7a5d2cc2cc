import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { RETRY_AFTER } from '../services/answer';
import type { Priority } from '../services/ingestion-service';
import type { VaultWorld } from '../support/world';

Given(
  'a vault that works on {int} job(s) at a time and lets {int} wait',
  async function (this: VaultWorld, concurrency: number, queueLimit: number) {
    await this.environment.health.runWith({ concurrency, queueLimit });
  },
);

Given('it is held up by the job {string}', async function (this: VaultWorld, job: string) {
  this.queue.hold();
  await this.queue.fill([job]);
  await this.queue.untilBegun(job);
});

Given('the jobs {string} wait', async function (this: VaultWorld, jobs: string) {
  await this.queue.fill(jobs.split(', '));
});

Given('the vault refused the job {string}', async function (this: VaultWorld, job: string) {
  expect((await this.queue.ask(job)).status, `status of the answer to the request for job "${job}"`).to.equal(
    429,
  );
});

Given('the provider holds back every listing', function (this: VaultWorld) {
  this.queue.hold();
});

When('an auditor asks for the job {string}', async function (this: VaultWorld, job: string) {
  this.answer = await this.queue.ask(job);
});

When('an auditor asks again for the job {string}', async function (this: VaultWorld, job: string) {
  this.jobId = this.queue.jobIdOf(job);
  this.answer = await this.queue.ask(job);
});

When(
  'an auditor asks again for the job {string}, now with the priority {string}',
  async function (this: VaultWorld, job: string, priority: Priority) {
    const before = this.queue.jobIdOf(job);
    await this.queue.ask(job, priority);
    expect(this.queue.jobIdOf(job), `the job given to who asks again for "${job}"`).to.equal(before);
  },
);

When('an auditor asks for the jobs {string}', async function (this: VaultWorld, jobs: string) {
  await this.queue.askInTurn(jobs.split(', '));
});

When('auditors ask for the jobs {string}', async function (this: VaultWorld, jobs: string) {
  await this.queue.fill(jobs.split(', '));
});

When('{int} auditors ask at once for jobs of their own', async function (this: VaultWorld, auditors: number) {
  await this.queue.askAtOnce(auditors);
});

When(
  'auditors ask for {int} more jobs than the vault may work on at once',
  async function (this: VaultWorld, more: number) {
    await this.queue.askAtOnce(this.vault.settings.concurrency + more);
  },
);

When('the queue has drained', async function (this: VaultWorld) {
  await this.queue.drain();
});

When('the job {string} has completed', async function (this: VaultWorld, job: string) {
  await this.queue.fill([job]);
  await this.queue.drain();
});

Then('the vault asks the auditor to come back later', function (this: VaultWorld) {
  expect(this.lastAnswer.status, this.quoteAnswer()).to.equal(429);
  expect(this.lastAnswer.headers['retry-after'] ?? '', 'Retry-After of the answer').to.match(RETRY_AFTER);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('nothing was done for the job {string}', function (this: VaultWorld, job: string) {
  this.queue.expectNeverBegun(job);
});

Then('every one of them is accepted', function (this: VaultWorld) {
  this.queue.expectAllAccepted();
});

Then(
  'at most {int} of them are accepted, and the others are asked to come back later',
  function (this: VaultWorld, most: number) {
    this.queue.expectAcceptedAtMost(most);
  },
);

Then('all of them complete', async function (this: VaultWorld) {
  await this.queue.drain();
});

Then('the auditor is given the job {string} as it was', function (this: VaultWorld, job: string) {
  expect(this.lastAnswer.status, this.quoteAnswer()).to.equal(202);
  expect(this.queue.jobIdOf(job), `the job given to who asks again for "${job}"`).to.equal(this.jobId);
});

Then('the jobs were begun in the order of their priorities', function (this: VaultWorld) {
  this.queue.expectOrderOfPriority();
});

Then(
  'the job {string} was begun before the job {string}',
  function (this: VaultWorld, one: string, other: string) {
    this.queue.expectBegunBefore(one, other);
  },
);

Then(
  'it never shows more jobs as processing than it may, and the others as pending',
  async function (this: VaultWorld) {
    await this.queue.expectNoMoreAtOnceThan(this.vault.settings.concurrency);
  },
);

Then(
  '{string} is seen processing, and the others are seen pending',
  async function (this: VaultWorld, job: string) {
    await this.queue.expectAloneAtWork(job);
  },
);
