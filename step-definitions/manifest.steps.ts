import { Then } from '@cucumber/cucumber';
import type { VaultWorld } from '../support/world';

Then(
  'its manifest lists {count of logs}, as metadata and storage have them',
  async function (this: VaultWorld, logs: number) {
    await this.services.manifests.expectTrueManifest(this.jobs.last, logs);
  },
);

Then('the manifest that it names is in storage', async function (this: VaultWorld) {
  await this.services.manifests.expectStoredArtifact(this.jobs.last);
});

Then("each job's manifest lists what it stored", async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.expectTrueManifests();
});
