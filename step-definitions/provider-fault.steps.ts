import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { showsSecret } from '../support/bytes/redaction';
import { answerFindingTexts } from '../support/ledger/answer-findings';
import type { ProviderFault } from '../support/provider/provider-faults';
import { providerTargetOf } from '../support/scenario/provider-oddities';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given(
  'the provider answers {requests} for {provider call} with {provider fault}',
  function (this: VaultWorld, times: number, call: string, fault: ProviderFault) {
    this.provider.arm(providerTargetOf(this.scope, call), fault, times);
  },
);

Given('the provider holds back {provider call}', function (this: VaultWorld, call: string) {
  this.provider.arm(providerTargetOf(this.scope, call), { kind: 'hold' }, Number.POSITIVE_INFINITY);
});

When('the provider answers at last', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.letProviderGoOn();
});

Given('the {int} pages together take longer than a lease', function (this: VaultWorld, pages: number) {
  const delayMs = (1.4 * this.vault.settings.leaseMs) / pages;
  const listing = providerTargetOf(this.scope, 'its listing');
  this.provider.arm(listing, { kind: 'latency', delayMs }, Number.POSITIVE_INFINITY);
});

Given(
  'the provider redirects the first request for {log} to {log}, with {int}',
  function (this: VaultWorld, from: LocatedLog, to: LocatedLog, status: number) {
    const { providerId, sourceId } = to;
    const location = `/${encodeURIComponent(providerId)}/logs/${encodeURIComponent(sourceId)}`;
    this.provider.arm(providerTargetOf(this.scope, from.name), { kind: 'status', status, location }, 1);
  },
);

Given(
  'the provider redirects the first request for its listing to another address that lists the same logs',
  function (this: VaultWorld) {
    const { provider_id: providerId, range } = this.helpers.requests.good();
    const location = `/${providerId}/logs?${new URLSearchParams({ ...range })}`;
    this.provider.arm({ kind: 'listing', providerId }, { kind: 'status', status: 302, location }, 1);
  },
);

Given('the provider sends the key back in place of its listing', function (this: VaultWorld) {
  const text = `<!doctype html><p>We are back soon. You sent: Bearer ${this.provider.apiKey}</p>`;
  const listing = providerTargetOf(this.scope, 'its listing');
  this.provider.arm(listing, { kind: 'listing-text', text }, Number.POSITIVE_INFINITY);
});

Given(
  'the provider refuses the first request for {provider call} with {int} and sends the key back',
  function (this: VaultWorld, call: string, status: number) {
    const body = JSON.stringify({ error: `the key ${this.provider.apiKey} is not good for this` });
    this.provider.arm(providerTargetOf(this.scope, call), { kind: 'status', status, body }, 1);
  },
);

Then('the provider was never asked for {log}', function (this: VaultWorld, log: LocatedLog) {
  const { providerId, sourceId } = log;
  const calls = this.provider.payloadRequests(providerId, sourceId);
  expect(calls.length, `calls of the vault for "${log.name}", which nothing listed to it`).to.equal(0);
});

Then('storage holds nothing of {log}', async function (this: VaultWorld, log: LocatedLog) {
  expect(await this.helpers.storedLogs.objectsOf(log), `objects of "${log.name}"`).to.deep.equal([]);
});

Then('every call to the provider carried its key', function (this: VaultWorld) {
  const without = this.provider.requests.filter(({ authorized }) => !authorized).map(({ path }) => path);
  expect(without, 'calls to the provider without its key').to.deep.equal([]);
});

Then(
  'the vault waited at least {int} second(s) before it asked for {provider call} {occasion}',
  function (this: VaultWorld, seconds: number, call: string, earlier: number) {
    const requests = this.provider.triesOf(providerTargetOf(this.scope, call));
    expect(requests.slice(earlier)).to.be.retriedAfterAtLeast(seconds * 1000);
  },
);

Then(
  'the vault waited each time before it asked for {provider call} again',
  function (this: VaultWorld, call: string) {
    const requests = this.provider.triesOf(providerTargetOf(this.scope, call));
    expect(requests).to.be.retriedAfterAtLeast(this.vault.settings.retryBaseMs / 2);
  },
);

Then('neither an answer nor the output of the vault shows the key', async function (this: VaultWorld) {
  const { client, secrets } = this.services;
  expect(answerFindingTexts(client.exchanges, secrets), 'what answers should not show').to.deep.equal([]);
  await this.never(
    () => showsSecret(this.vault.output(), secrets),
    'the key to be seen in the output of the vault',
  );
});
