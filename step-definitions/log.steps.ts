import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

When('the auditor retrieves the raw log {log}', async function (this: VaultWorld, log: LocatedLog) {
  this.answer = await this.services.logs.raw(log.logId);
});

When(
  'the auditor asks for the raw log {log} only if it has changed',
  async function (this: VaultWorld, log: LocatedLog) {
    this.answer = await this.services.logs.rawUnlessAsIn(this.answer, log.logId);
  },
);

When('the auditor retrieves the raw log called {}', async function (this: VaultWorld, logId: string) {
  this.answer = await this.services.logs.raw(logId);
});

Given('the auditor has read the raw log {log}', async function (this: VaultWorld, log: LocatedLog) {
  await this.helpers.storedLogs.expectUnchanged([log]);
});

Then(
  '(the raw log ){logs} is byte for byte what the provider served',
  async function (this: VaultWorld, logs: readonly LocatedLog[]) {
    await this.helpers.storedLogs.expectUnchanged(logs);
  },
);

Then('its structure is what the provider served', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectSameStructure(this.scope.logs);
});

Then(
  'the raw answer, search, metadata and the stored object agree on the checksum of {logs}',
  async function (this: VaultWorld, logs: readonly LocatedLog[]) {
    await this.helpers.storedLogs.expectOneChecksum(logs);
  },
);

Then('search finds {log} once', async function (this: VaultWorld, log: LocatedLog) {
  expect(await this.helpers.storedLogs.timesFound(log), `times search shows "${log.name}"`).to.equal(1);
});

Then('search does not find {log}', async function (this: VaultWorld, log: LocatedLog) {
  expect(await this.helpers.storedLogs.timesFound(log), `times search shows "${log.name}"`).to.equal(0);
});

Then('search never finds {log} while its upload hangs', async function (this: VaultWorld, log: LocatedLog) {
  await this.helpers.storedLogs.expectNeverFound(log);
});

Then('the vault serves the bytes that are stored', async function (this: VaultWorld) {
  expect(this.answer.status, `an object is stored, if not the right one, but ${this.quoteAnswer()}`).to.equal(
    200,
  );
  const [log] = await this.services.finder.locateAll(this.scope.logs);
  if (log === undefined) expect.fail('the scenario has no log');
  expect(this.answer.body, `the raw log "${log.name}"`).to.be.byteIdenticalTo(
    await this.helpers.storedLogs.object(log),
    {
      expected: 'storage holds',
      actual: 'the vault returned',
    },
  );
});

Then(
  'the raw log {log} is served only as its metadata describes it',
  async function (this: VaultWorld, log: LocatedLog) {
    await this.helpers.storedLogs.expectServedAsDescribed(log);
  },
);
