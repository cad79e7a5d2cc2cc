import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { locationOf } from '../services/answer';
import { requestOf } from '../support/scenario/ingest-request';
import { tryUnnamedMethods } from '../support/scenario/unnamed-methods';
import type { VaultWorld } from '../support/world';

When('a client sends a request {}', async function (this: VaultWorld, words: string) {
  this.answer = await this.helpers.requests.send(requestOf(words));
});

When('a client sends these requests, one after the other', async function (this: VaultWorld, all: DataTable) {
  await this.helpers.answers.ask(all.rows(), ([words]) => this.helpers.requests.send(requestOf(words)));
});

When('a client asks for these paths, one after the other', async function (this: VaultWorld, all: DataTable) {
  await this.helpers.answers.ask(all.rows(), ([path]) => this.services.client.send('GET', path));
});

When('a client sends something to the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.post(path, {});
});

When(
  'a client tries each method that the contract does not name on these, one after the other',
  async function (this: VaultWorld, all: DataTable) {
    const about = { scope: this.scope, finder: this.services.finder, job: this.jobs.last };
    await this.helpers.answers.ask(all.rows(), ([what]) =>
      tryUnnamedMethods(this.services.client, what, about),
    );
  },
);

Then('the request is accepted', function (this: VaultWorld) {
  this.jobs.startedId = this.helpers.requests.expectAccepted(this.answer);
});

Then('the answer says where to find the job', function (this: VaultWorld) {
  expect(locationOf(this.answer, this.vault.baseUrl), 'the Location of the answer').to.equal(
    `/v1/jobs/${this.jobs.startedId}`,
  );
});

Then('each of them is refused with {int}, in plain words', function (this: VaultWorld, status: number) {
  this.helpers.answers.expectEach((answer) => this.helpers.requests.expectRefused(answer, status));
});

Then('each of them is refused with the status beside it, in plain words', function (this: VaultWorld) {
  this.helpers.answers.expectEach((answer, [, status]) =>
    this.helpers.requests.expectRefused(answer, Number(status)),
  );
});

Then('the next ingestion finds nothing of them', async function (this: VaultWorld) {
  await this.helpers.requests.expectNothingLeft();
});

Then('the request is accepted, or refused with 400 in plain words', function (this: VaultWorld) {
  this.helpers.requests.expectAcceptedOrRefused(this.answer);
});

Then('the vault still accepts a good request and refuses a bad one', async function (this: VaultWorld) {
  await this.helpers.requests.expectSoundJudgement();
});
