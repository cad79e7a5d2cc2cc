import { Given, When } from '@cucumber/cucumber';
import type { ProviderFault } from '../support/provider/provider-faults';
import { armInTurn, providerTargetOf } from '../support/scenario/provider-oddities';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given(
  'the provider answers {requests} for {provider call} with {provider fault}',
  function (this: VaultWorld, times: number, call: string, fault: ProviderFault) {
    this.provider.arm(providerTargetOf(this.scope, call), fault, times);
  },
);

Given(
  'the provider answers the first request for {provider call} with {provider fault}, and the second with {provider fault}',
  function (this: VaultWorld, call: string, first: ProviderFault, second: ProviderFault) {
    armInTurn(this.provider, providerTargetOf(this.scope, call), [first, second]);
  },
);

Given('the provider holds back {provider call}', function (this: VaultWorld, call: string) {
  this.provider.arm(providerTargetOf(this.scope, call), { kind: 'hold' }, Number.POSITIVE_INFINITY);
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
    const location = this.provider.dialect.addressOf({ kind: 'payload', providerId, sourceId });
    this.provider.arm(providerTargetOf(this.scope, from.name), { kind: 'status', status, location }, 1);
  },
);

Given(
  'the provider redirects the first request for its listing to another address that lists the same logs',
  function (this: VaultWorld) {
    const { provider_id: providerId, range } = this.helpers.requests.good();
    const location = this.provider.dialect.addressOf({ kind: 'listing', providerId, range });
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

When('the provider answers at last', async function (this: VaultWorld) {
  await this.environment.patience.eventually(
    async () => this.provider.unfired(),
    (unmet) => unmet.length === 0,
    { what: 'the vault to ask its provider for what is held back' },
  );
  this.provider.heal();
});
