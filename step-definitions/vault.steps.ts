import { Given, Then, When } from '@cucumber/cucumber';
import { DEFAULT_SETTINGS } from '../support/environments/default-settings';
import type { VaultWorld } from '../support/world';

Given('a vault that is told only where its provider and its stores are', async function (this: VaultWorld) {
  await this.environment.health.runWith({ ...DEFAULT_SETTINGS, unsaid: true });
});

Given(
  'a vault whose waits between attempts begin with {int} ms',
  async function (this: VaultWorld, retryBaseMs: number) {
    await this.environment.health.runWith({ retryBaseMs });
  },
);

Given('a vault whose machine is set to the time zone of Los Angeles', async function (this: VaultWorld) {
  await this.environment.health.runWith({ timeZone: 'America/Los_Angeles' });
});

Given(
  "a vault whose provider's address has the path {word}",
  async function (this: VaultWorld, path: string) {
    this.provider.basePath = path;
    await this.environment.health.runWith({ providerPath: path });
  },
);

Given('a vault that gives each call {int} seconds', async function (this: VaultWorld, seconds: number) {
  await this.environment.health.runWith({ callTimeoutMs: seconds * 1_000 });
});

When('the vault is killed and started again', async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.kill();
  this.helpers.heldJobs.letGo();
  await this.helpers.vaultRestarts.start();
});

When(
  'the vault is killed and started again to work on {int} job at a time',
  async function (this: VaultWorld, concurrency: number) {
    await this.helpers.vaultRestarts.kill();
    await this.helpers.vaultRestarts.start({ concurrency });
  },
);

When(
  'the vault is killed and started again, and killed again once it is back at work',
  async function (this: VaultWorld) {
    await this.helpers.vaultRestarts.kill();
    this.helpers.heldJobs.mark();
    await this.helpers.vaultRestarts.start();
    await this.helpers.heldJobs.untilHeldAgain();
    await this.helpers.vaultRestarts.kill();
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

When('the vault is stopped and started again', async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.stop();
  this.helpers.heldJobs.letGo();
  await this.helpers.vaultRestarts.start();
});

When(
  'the vault is stopped and started again to work on {int} job at a time',
  async function (this: VaultWorld, concurrency: number) {
    await this.helpers.vaultRestarts.stop();
    await this.helpers.vaultRestarts.start({ concurrency });
  },
);

Then(
  'every accepted job completes in time, without being asked for again',
  async function (this: VaultWorld) {
    await this.helpers.vaultRestarts.untilEnded();
    await this.helpers.repeatedIngestions.untilAllCompleted();
  },
);

Then('no job is seen going backwards for longer than a lease', async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.expectNoneBackwards();
  this.helpers.heldJobs.letGo();
});

Then('the jobs that had ended are unchanged', async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.expectEndedUnchanged();
});

Then("each job's manifest lists what it stored", async function (this: VaultWorld) {
  await this.helpers.vaultRestarts.expectTrueManifests();
});
