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
  await this.recovery.kill();
  this.moments.letGo();
  await this.recovery.start();
});

When(
  'the vault is killed and started again to work on {int} job at a time',
  async function (this: VaultWorld, concurrency: number) {
    await this.recovery.kill();
    await this.recovery.start({ concurrency });
  },
);

When(
  'the vault is killed and started again, and killed again once it is back at work',
  async function (this: VaultWorld) {
    await this.recovery.kill();
    this.moments.mark();
    await this.recovery.start();
    await this.moments.untilHeldAgain();
    await this.recovery.kill();
    this.moments.letGo();
    await this.recovery.start();
  },
);

When(
  'the vault is killed as soon as it has accepted one of the requests for them, and started again',
  async function (this: VaultWorld) {
    await this.recovery.killWhileAccepting();
    await this.recovery.start();
  },
);

When('the vault is stopped and started again', async function (this: VaultWorld) {
  await this.recovery.stop();
  this.moments.letGo();
  await this.recovery.start();
});

When(
  'the vault is stopped and started again to work on {int} job at a time',
  async function (this: VaultWorld, concurrency: number) {
    await this.recovery.stop();
    await this.recovery.start({ concurrency });
  },
);

Then(
  'every accepted job completes in time, without being asked for again',
  async function (this: VaultWorld) {
    await this.recovery.untilEnded();
    await this.rush.untilAllCompleted();
  },
);

Then('no job is seen going backwards for longer than a lease', async function (this: VaultWorld) {
  await this.recovery.expectNoneBackwards();
  this.moments.letGo();
});

Then('the jobs that had ended are unchanged', async function (this: VaultWorld) {
  await this.recovery.expectEndedUnchanged();
});

Then("each job's manifest lists what it stored", async function (this: VaultWorld) {
  await this.recovery.expectTrueManifests();
});
