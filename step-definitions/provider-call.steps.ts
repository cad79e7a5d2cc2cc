import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import { providerTargetOf } from '../support/scenario/provider-oddities';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Then('the provider was never asked for {log}', function (this: VaultWorld, log: LocatedLog) {
  const { providerId, sourceId } = log;
  const calls = this.provider.payloadRequests(providerId, sourceId);
  expect(calls.length, `calls of the vault for "${log.name}", which nothing listed to it`).to.equal(0);
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
