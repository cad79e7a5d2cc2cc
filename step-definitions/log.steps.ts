import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { checksumOf } from '../support/bytes/checksum';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given('the auditor has read the raw log {log}', async function (this: VaultWorld, log: LocatedLog) {
  await this.helpers.storedLogs.expectUnchanged([log]);
});

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

When('the auditor retrieves the raw logs that are called', async function (this: VaultWorld, all: DataTable) {
  await this.helpers.answers.ask(all.rows(), ([logId]) => this.services.logs.raw(logId));
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

Then(
  'the raw log {log} is served only as its metadata describes it',
  async function (this: VaultWorld, log: LocatedLog) {
    await this.helpers.storedLogs.expectServedAsDescribed(log);
  },
);

Then(
  'every log is byte for byte what its own provider served, as soon as its job completes',
  async function (this: VaultWorld) {
    await this.helpers.repeatedIngestions.untilAllUnchanged();
  },
);

Then('each log has one record and one object', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectEachStoredOnce(this.scope);
});

Then('the checksum that the auditor computes is the same', function (this: VaultWorld) {
  expect(checksumOf(this.answer.body)).to.equal(this.services.logs.checksumIn(this.answer));
});

Then('the checksum that the auditor computes shows the change', function (this: VaultWorld) {
  expect(
    checksumOf(this.answer.body),
    'the SHA-256 of what was served, which was changed, is the recorded checksum all the same',
  ).not.to.equal(this.services.logs.checksumIn(this.answer));
});
