import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { locationOf } from '../services/answer';
import { requestOf } from '../support/scenario/ingest-request';
import { tryUnnamedMethods } from '../support/scenario/unnamed-methods';
import type { VaultWorld } from '../support/world';

When('a client sends a request {}', async function (this: VaultWorld, words: string) {
  this.answer = await this.helpers.requests.send(requestOf(words));
});

When('a client asks for the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.send('GET', path);
});

When('a client sends something to the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.post(path, {});
});

When(
  'a client tries on {} each method that the contract does not name for it',
  async function (this: VaultWorld, what: string) {
    const about = { scope: this.scope, finder: this.services.finder, job: this.jobs.last };
    this.answer = await tryUnnamedMethods(this.services.client, what, about);
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

Then('the request is refused with {int}, in plain words', function (this: VaultWorld, status: number) {
  this.helpers.requests.expectRefused(this.answer, status);
});

Then('the next ingestion finds nothing of it', async function (this: VaultWorld) {
  await this.helpers.requests.expectNothingLeft();
});

Then('the request is accepted, or refused with 400 in plain words', function (this: VaultWorld) {
  this.helpers.requests.expectAcceptedOrRefused(this.answer);
});

Then('the vault still accepts a good request and refuses a bad one', async function (this: VaultWorld) {
  await this.helpers.requests.expectSoundJudgement();
});
