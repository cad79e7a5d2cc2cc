import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { locationOf } from '../services/answer';
import type { Priority } from '../services/ingestion-service';
import { withHostileMember } from '../support/scenario/hostile-members';
import { padded, requestOf } from '../support/scenario/ingest-request';
import type { VaultWorld } from '../support/world';

When("a client asks for the provider's logs", async function (this: VaultWorld) {
  this.answer = await this.helpers.requests.ask(this.helpers.requests.good());
});

When(
  "a client asks for the provider's logs from {word} to {word} of the day",
  async function (this: VaultWorld, from: string, to: string) {
    const range = this.helpers.requests.rangeOfDay(from, to);
    this.answer = await this.helpers.requests.ask(this.helpers.requests.good({ range }));
  },
);

When(
  'a client asks for the logs of {provider} from {word} to {word}',
  async function (this: VaultWorld, providerId: string, start: string, end: string) {
    this.answer = await this.helpers.requests.ask({ provider_id: providerId, range: { start, end } });
  },
);

When(
  "a client asks for the provider's logs with the priority {word}",
  async function (this: VaultWorld, priority: Priority) {
    this.answer = await this.helpers.requests.ask(this.helpers.requests.good({ priority }));
  },
);

When(
  "a client asks for the provider's logs in a request declared as {}",
  async function (this: VaultWorld, mediaType: string) {
    this.answer = await this.helpers.requests.ask(this.helpers.requests.good(), mediaType);
  },
);

When(
  "a client asks for the provider's logs in a request of {int} bytes",
  async function (this: VaultWorld, bytes: number) {
    this.answer = await this.helpers.requests.ask(padded(this.helpers.requests.good(), bytes));
  },
);

When(
  "a client asks for the provider's logs and adds the member {}",
  async function (this: VaultWorld, member: string) {
    this.answer = await this.helpers.requests.ask(withHostileMember(this.helpers.requests.good(), member));
  },
);

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
