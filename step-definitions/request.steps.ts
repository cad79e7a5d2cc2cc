import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { locationOf } from '../services/answer';
import type { Manner } from '../support/scenario/good-requests';
import { requestOf } from '../support/scenario/ingest-request';
import type { VaultWorld } from '../support/world';

When("a client asks for the provider's logs", async function (this: VaultWorld) {
  this.answer = await this.helpers.requests.ask(this.helpers.requests.good());
});

When("a client asks for the provider's logs {manner}", async function (this: VaultWorld, manner: Manner) {
  const { request, mediaType } = manner(this.helpers.requests.good());
  this.answer = await this.helpers.requests.ask(request, mediaType);
});

When('a client sends a request {}', async function (this: VaultWorld, words: string) {
  this.answer = await this.helpers.requests.send(requestOf(words));
});

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
