import { Given, When } from '@cucumber/cucumber';
import type { RunSettings } from '../support/environments/vault-under-test';
import type { VaultEnd } from '../support/scenario/vault-restarts';
import type { VaultWorld } from '../support/world';

Given('a vault {setup}', async function (this: VaultWorld, setup: Partial<RunSettings>) {
  this.provider.basePath = setup.providerPath ?? '';
  await this.environment.health.runWith(setup);
});

Given('a second vault on the same stores', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.startPeer();
});

Given("the vault is at work on the provider's logs", async function (this: VaultWorld) {
  await this.jobs.start();
  await this.services.watcher.untilState(this.jobs.firstId, 'processing');
});

Given('the vault works while {}', async function (this: VaultWorld, moment: string) {
  this.jobs.startedId = await this.helpers.heldJobs.reach(moment);
});

When('the vault is {end} and started again', async function (this: VaultWorld, end: VaultEnd) {
  await this.helpers.vaultRestarts.end(end);
  this.helpers.heldJobs.letGo();
  await this.helpers.vaultRestarts.start();
});

When(
  'the vault is {end} and started again to work on {int} job at a time',
  async function (this: VaultWorld, end: VaultEnd, concurrency: number) {
    await this.helpers.vaultRestarts.end(end);
    await this.helpers.vaultRestarts.start({ concurrency });
  },
);

When(
  'the vault is killed and started again, and killed again once it is back at work',
  async function (this: VaultWorld) {
    await this.helpers.vaultRestarts.end('killed');
    this.helpers.heldJobs.mark();
    await this.helpers.vaultRestarts.start();
    await this.helpers.heldJobs.untilHeldAgain();
    await this.helpers.vaultRestarts.end('killed');
    this.helpers.heldJobs.letGo();
    await this.helpers.vaultRestarts.start();
  },
);

When(
  'the vault is killed as soon as it has accepted one of the requests for them, and started again',
  async function (this: VaultWorld) {
    await this.helpers.vaultRestarts.killWhileAccepting();
    await this.helpers.vaultRestarts.start();
  },
);
