import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { showsSecret } from '../support/bytes/redaction';
import { answerFindingTexts } from '../support/ledger/answer-findings';
import type { VaultWorld } from '../support/world';

/** Clocks of two processes, and timers that fire early. */
const TIMER_TOLERANCE_MS = 5;

Given('{API key} that the provider accepts', function (this: VaultWorld, characters: number) {
  this.helpers.testedKey.makeKey(characters);
  this.helpers.testedKey.accept();
});

Given('an API key that the provider does not know', function (this: VaultWorld) {
  this.helpers.testedKey.makeKey();
});

Given('the provider now accepts the key', function (this: VaultWorld) {
  this.helpers.testedKey.accept();
});

Given('the provider has withdrawn the key', function (this: VaultWorld) {
  this.helpers.testedKey.withdraw();
});

Given('the provider answers the connection test with {string}', function (this: VaultWorld, fault: string) {
  this.helpers.testedKey.meetWith(fault);
});

When('the operator tests the connection', async function (this: VaultWorld) {
  this.answer = await this.helpers.testedKey.run();
});

When('the operator tests the connection with {}', async function (this: VaultWorld, request: string) {
  this.answer = await this.helpers.testedKey.runWith(request);
});

When(
  'the operator sends these requests, one after the other',
  async function (this: VaultWorld, all: DataTable) {
    await this.helpers.answers.ask(all.rows(), ([request]) => this.helpers.testedKey.runWith(request));
  },
);

When(
  'a second operator tries an unknown key while the first waits for an answer',
  async function (this: VaultWorld) {
    await this.helpers.testedKey.runTwo();
  },
);

Then('each of them is told about the key that was tried', function (this: VaultWorld) {
  expect(
    this.helpers.testedKey.told,
    'the answers about a key that the provider accepts, and about one that it does not know',
  ).to.deep.equal([200, 401]);
});

Then('the vault answers that the connection is secure, and how long that took', function (this: VaultWorld) {
  expect(this.services.providers.secure(this.answer).latencyMs).to.be.at.least(0);
});

Then('the time it took is at least as long as the provider took', function (this: VaultWorld) {
  const { lateMs } = this.helpers.testedKey;
  expect(
    this.services.providers.secure(this.answer).latencyMs,
    `latency_ms of a test that the provider answered after ${lateMs} ms`,
  ).to.be.at.least(lateMs - TIMER_TOLERANCE_MS);
});

Then('the vault answers that the credentials are invalid', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.equal(401);
  expect(this.errorBody().error, this.quoteAnswer()).to.equal('Invalid Provider Credentials');
});

Then('the vault answers that the provider did not confirm the key', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.equal(502);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('the provider was asked about the key once', function (this: VaultWorld) {
  expect(
    this.helpers.testedKey.questions.length,
    'questions of the vault to the health check of its provider',
  ).to.equal(1);
});

Then('the provider is not asked about the key again', async function (this: VaultWorld) {
  await this.never(
    () => this.helpers.testedKey.questions.length > 1,
    'the provider to be asked about the key a second time',
  );
});

Then('neither an answer nor the output of the vault shows the key', async function (this: VaultWorld) {
  const { client, secrets } = this.services;
  expect(answerFindingTexts(client.exchanges, secrets), 'what answers should not show').to.deep.equal([]);
  await this.never(
    () => showsSecret(this.vault.output(), secrets),
    'the key to be seen in the output of the vault',
  );
});
