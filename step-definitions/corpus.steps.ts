import { Given, Then, When } from '@cucumber/cucumber';
import { readCorpus } from '../support/scenario/corpus';
import { Replay } from '../support/scenario/replay';
import type { VaultWorld } from '../support/world';

Given('a corpus of payloads', function (this: VaultWorld) {
  this.replay = new Replay(this, readCorpus(this.environment.corpusFolder));
});

When(
  'the vault ingests the whole corpus from {provider}',
  async function (this: VaultWorld, providerId: string) {
    await this.replay?.run(providerId);
  },
);

Then('every payload of the corpus comes back byte for byte', function (this: VaultWorld) {
  this.replay?.expectAllUnchanged();
});
