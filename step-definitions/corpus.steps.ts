import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { VaultWorld } from '../support/world';

Given('a corpus of payloads', function (this: VaultWorld) {
  expect(this.helpers.replay.size, 'payloads in the corpus').to.be.above(0);
});

When(
  'the vault ingests the whole corpus from {provider}',
  async function (this: VaultWorld, providerId: string) {
    await this.helpers.replay.run(providerId);
    this.log(this.helpers.replay.summary);
  },
);

Then('every payload of the corpus comes back byte for byte', function (this: VaultWorld) {
  this.helpers.replay.expectAllUnchanged();
});
