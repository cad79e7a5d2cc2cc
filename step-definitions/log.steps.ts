import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { RETRY_AFTER } from '../services/answer';
import { checksumOf } from '../support/bytes/checksum';
import type { NamedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

When('the auditor retrieves the raw log {log}', async function (this: VaultWorld, log: NamedLog) {
  this.answer = await this.services.logs.raw(log.logId);
});

When(
  'the auditor asks for the raw log {log} only if it has changed',
  async function (this: VaultWorld, log: NamedLog) {
    this.answer = await this.services.logs.rawUnlessAsIn(this.answer, log.logId);
  },
);

Given('the auditor has read the raw log {log}', async function (this: VaultWorld, log: NamedLog) {
  await this.helpers.storedLogs.expectUnchanged([log]);
});

When('the auditor retrieves a raw log that never existed', async function (this: VaultWorld) {
  this.answer = await this.services.logs.raw('log_0123456789abcdef01234567');
});

Then('the raw log is byte for byte what the provider served', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectUnchanged(this.scope.logs);
});

Then(
  'the raw log {log} is byte for byte what the provider served',
  async function (this: VaultWorld, log: NamedLog) {
    await this.helpers.storedLogs.expectUnchanged([log]);
  },
);

Then('each of its logs is byte for byte what the provider served', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectUnchanged(this.scope.logs);
});

Then('its structure is what the provider served', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectSameStructure(this.scope.logs);
});

Then(
  'the raw answer, search, metadata and the stored object agree on its checksum',
  async function (this: VaultWorld) {
    await this.helpers.storedLogs.expectOneChecksum(this.scope.logs);
  },
);

Then(
  'for each of its logs the raw answer, search, metadata and the stored object agree on the checksum',
  async function (this: VaultWorld) {
    await this.helpers.storedLogs.expectOneChecksum(this.scope.logs);
  },
);

Then(
  'the raw answer, search, metadata and the stored object agree on the checksum of {log}',
  async function (this: VaultWorld, log: NamedLog) {
    await this.helpers.storedLogs.expectOneChecksum([log]);
  },
);

Then('search finds {log} once', async function (this: VaultWorld, log: NamedLog) {
  expect(await this.helpers.storedLogs.timesFound(log), `times search shows "${log.name}"`).to.equal(1);
});

Then('search does not find {log}', async function (this: VaultWorld, log: NamedLog) {
  expect(await this.helpers.storedLogs.timesFound(log), `times search shows "${log.name}"`).to.equal(0);
});

Then('search never finds {log} while its upload hangs', async function (this: VaultWorld, log: NamedLog) {
  await this.helpers.storedLogs.expectNeverFound(log);
});

Then('the vault does not answer as if the content were there', function (this: VaultWorld) {
  const { status } = this.answer;
  expect(status, `the object is gone, but ${this.quoteAnswer()}`).to.be.within(400, 599);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then(
  'the vault answers that the raw content of {log} is missing',
  function (this: VaultWorld, log: NamedLog) {
    expect(this.answer.status, `the object of "${log.name}" is gone, but ${this.quoteAnswer()}`).to.equal(
      410,
    );
    const { error, log_id: logId } = this.errorBody();
    expect({ error, log_id: logId }, this.quoteAnswer()).to.deep.equal({
      error: 'Raw Content Missing',
      log_id: log.logId,
    });
  },
);

Given(
  'the auditor was told that the raw content of {log} is missing',
  async function (this: VaultWorld, log: NamedLog) {
    this.answer = await this.services.logs.raw(log.logId);
    expect(this.answer.status, `the object of "${log.name}" is gone, but ${this.quoteAnswer()}`).to.equal(
      410,
    );
  },
);

Then(
  'the answer names the checksum of {log} recorded at ingestion',
  function (this: VaultWorld, log: NamedLog) {
    expect(this.errorBody().checksum, this.quoteAnswer()).to.equal(checksumOf(log.payload));
  },
);

Then('the answer must not be cached', function (this: VaultWorld) {
  const directives = (this.answer.headers['cache-control'] ?? '').toLowerCase().split(/\s*,\s*/);
  expect(directives, 'Cache-Control of the answer').to.include('no-store');
});

Then('the vault answers that there is no such log', function (this: VaultWorld) {
  expect(this.answer.status, `no such log was ever stored, but ${this.quoteAnswer()}`).to.equal(404);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('the vault answers that storage cannot be reached', function (this: VaultWorld) {
  expect(this.answer.status, `storage cannot be reached, but ${this.quoteAnswer()}`).to.equal(503);
  expect(this.answer.headers['retry-after'] ?? '', 'Retry-After of the answer').to.match(RETRY_AFTER);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('the vault serves the bytes that are stored', async function (this: VaultWorld) {
  expect(this.answer.status, `an object is stored, if not the right one, but ${this.quoteAnswer()}`).to.equal(
    200,
  );
  const [log] = this.scope.logs;
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
  'the answer carries the checksum of {log} recorded at ingestion',
  function (this: VaultWorld, log: NamedLog) {
    expect(
      this.answer.headers['x-vault-checksum'],
      `X-Vault-Checksum of "${log.name}", whose stored bytes now hash to ${checksumOf(this.answer.body)}, has to be the one recorded at ingestion`,
    ).to.equal(checksumOf(log.payload));
  },
);

Then('the checksum that the auditor computes shows the change', function (this: VaultWorld) {
  expect(
    checksumOf(this.answer.body),
    'the SHA-256 of what was served, which was changed, is X-Vault-Checksum all the same',
  ).not.to.equal(this.answer.headers['x-vault-checksum']);
});

Then(
  'the raw log {log} is served only as its metadata describes it',
  async function (this: VaultWorld, log: NamedLog) {
    await this.helpers.storedLogs.expectServedAsDescribed(log);
  },
);
