import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { checksumOf } from '../support/bytes/checksum';
import { MANIFEST_KEY } from '../support/ledger/log-identity';
import type { ObjectFault } from '../support/object-store/object-faults';
import type { NamedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given(
  'storage answers {uploads} of {log} with {storage fault}',
  function (this: VaultWorld, times: number, log: NamedLog, fault: ObjectFault) {
    this.bucket.arm({ class: 'upload', key: log.objectKey }, fault, times);
  },
);

Given(
  'storage answers {uploads} of a manifest with {storage fault}',
  function (this: VaultWorld, times: number, fault: ObjectFault) {
    this.bucket.arm({ class: 'upload', key: MANIFEST_KEY }, fault, times);
  },
);

Given(
  'storage answers every read of {log} with {storage fault}',
  function (this: VaultWorld, log: NamedLog, fault: ObjectFault) {
    this.bucket.arm({ class: 'read', key: log.objectKey }, fault, Number.POSITIVE_INFINITY);
  },
);

Given('storage recovers', function (this: VaultWorld) {
  this.bucket.heal();
});

Given('the object of {log} was deleted from storage', async function (this: VaultWorld, log: NamedLog) {
  const { objectKey, logId } = log;
  await this.objects.delete(objectKey);
  this.ledger.expect(logId, 'orphaned');
});

When('the object of {log} is put back', async function (this: VaultWorld, log: NamedLog) {
  const { objectKey, logId, payload } = log;
  await this.objects.put(objectKey, payload);
  this.ledger.expectStable(logId);
});

Given(
  'somebody {tampering} the object of {log}',
  async function (this: VaultWorld, tamper: (bytes: Buffer) => Buffer, log: NamedLog) {
    const { objectKey, logId, payload } = log;
    await this.objects.put(objectKey, tamper(payload));
    this.ledger.expect(logId, 'altered');
  },
);

Given(
  'the object of {log} was stored by an attempt that could not write its metadata',
  async function (this: VaultWorld, log: NamedLog) {
    const { objectKey, logId, payload } = log;
    await this.objects.put(objectKey, payload);
    this.ledger.plant(logId, checksumOf(payload));
  },
);

Then(
  '{log} was uploaded {int} times, each time with the same bytes',
  function (this: VaultWorld, log: NamedLog, times: number) {
    const uploads = this.bucket.uploadsOf(log.objectKey);
    // One that the vault gave up by itself met no fault, and is one more.
    expect(uploads.filter(({ givenUp }) => !givenUp).length, `uploads of "${log.name}"`).to.equal(times);
    expect(uploads).to.be.uploadsOfTheSameBytes();
  },
);

Then('each upload of {log} carried the same bytes', function (this: VaultWorld, log: NamedLog) {
  expect(this.bucket.uploadsOf(log.objectKey)).to.be.uploadsOfTheSameBytes();
});

Then(
  'the vault waited between the uploads of {log} as its retry policy demands',
  function (this: VaultWorld, log: NamedLog) {
    expect(this.bucket.uploadsOf(log.objectKey)).to.be.retriedWithBackoff(this.vault.settings);
  },
);

Then('{log} was uploaded as often as the retry policy allows', function (this: VaultWorld, log: NamedLog) {
  expectRetriesUsedUp(this, log.objectKey, `"${log.name}"`);
});

Then('its manifest was uploaded as often as the retry policy allows', function (this: VaultWorld) {
  expectRetriesUsedUp(this, this.services.manifests.keyOf(this.jobs.last), 'the manifest');
});

Then('its manifest was uploaded once', function (this: VaultWorld) {
  expect(
    this.bucket.uploadsOf(this.services.manifests.keyOf(this.jobs.last)).length,
    'uploads of the manifest, which was refused',
  ).to.equal(1);
});

Then('{log} is not uploaded a second time', async function (this: VaultWorld, log: NamedLog) {
  const { objectKey } = log;
  await this.never(
    () => this.bucket.uploadsOf(objectKey).length > 1,
    `"${log.name}" to be uploaded a second time`,
  );
});

Then(
  '(the object of ){logs} is filed under its day in UTC',
  async function (this: VaultWorld, logs: readonly NamedLog[]) {
    await this.helpers.storedLogs.expectFiled(logs);
  },
);

Then(
  'the object of {log} still holds the bytes first stored',
  async function (this: VaultWorld, log: NamedLog) {
    const [first] = this.scope.versionsOf(log.name);
    expect(await this.helpers.storedLogs.object(log), `the object of "${log.name}"`).to.be.byteIdenticalTo(
      first?.payload ?? Buffer.alloc(0),
      {
        expected: 'first stored',
        actual: 'stored now',
      },
    );
  },
);

function expectRetriesUsedUp({ bucket, vault }: VaultWorld, key: string, what: string): void {
  const uploads = bucket.uploadsOf(key);
  const { retryMaxAttempts } = vault.settings;
  expect(
    uploads.length,
    `uploads of ${what}, all turned away, where VAULT_RETRY_MAX_ATTEMPTS is ${retryMaxAttempts}`,
  ).to.equal(retryMaxAttempts);
  expect(uploads).to.be.retriedWithBackoff(vault.settings);
}
