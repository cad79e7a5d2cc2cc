import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { checksumOf } from '../support/bytes/checksum';
import type { KeySight } from '../support/object-store/bucket-script';
import type { ObjectFault } from '../support/object-store/object-faults';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given(
  'storage answers {uploads} of {log} with {storage fault}',
  function (this: VaultWorld, times: number, log: LocatedLog, fault: ObjectFault) {
    this.bucket.arm({ class: 'upload', key: log.sight() }, fault, times);
  },
);

Given(
  'storage answers {uploads} of a manifest with {storage fault}',
  function (this: VaultWorld, times: number, fault: ObjectFault) {
    this.bucket.arm({ class: 'upload', key: this.environment.profile.manifests.pattern }, fault, times);
  },
);

Given(
  'storage answers every read of {log} with {storage fault}',
  function (this: VaultWorld, log: LocatedLog, fault: ObjectFault) {
    this.bucket.arm({ class: 'read', key: log.sight() }, fault, Number.POSITIVE_INFINITY);
  },
);

Given('storage recovers', function (this: VaultWorld) {
  this.bucket.heal();
});

Given('the object of {log} was deleted from storage', async function (this: VaultWorld, log: LocatedLog) {
  await this.objects.delete(log.objectKey);
  this.ledger.expect(log, 'orphaned');
});

When('the object of {log} is put back', async function (this: VaultWorld, log: LocatedLog) {
  await this.objects.put(log.objectKey, log.payload);
  this.ledger.expectStable(log);
});

Given(
  'somebody {tampering} the object of {log}',
  async function (this: VaultWorld, tamper: (bytes: Buffer) => Buffer, log: LocatedLog) {
    await this.objects.put(log.objectKey, tamper(log.payload));
    this.ledger.expect(log, 'altered');
  },
);

Given(
  'the object of {log} was stored by an attempt that could not write its metadata',
  async function (this: VaultWorld, log: LocatedLog) {
    await this.objects.put(this.services.finder.keyBefore(log), log.payload);
    this.ledger.plant(log, checksumOf(log.payload));
  },
);

Then(
  '{log} was uploaded {int} times, each time with the same bytes',
  function (this: VaultWorld, log: LocatedLog, times: number) {
    const uploads = this.bucket.uploadsOf(log.sight());
    // One that the vault gave up by itself met no fault, and is one more.
    expect(uploads.filter(({ givenUp }) => !givenUp).length, `uploads of "${log.name}"`).to.equal(times);
    expect(uploads).to.be.uploadsOfTheSameBytes();
  },
);

Then('each upload of {log} carried the same bytes', function (this: VaultWorld, log: LocatedLog) {
  expect(this.bucket.uploadsOf(log.sight())).to.be.uploadsOfTheSameBytes();
});

Then(
  'the vault waited between the uploads of {log} as its retry policy demands',
  function (this: VaultWorld, log: LocatedLog) {
    expect(this.bucket.uploadsOf(log.sight())).to.be.retriedWithBackoff(this.vault.settings);
  },
);

Then('{log} was uploaded as often as the retry policy allows', function (this: VaultWorld, log: LocatedLog) {
  expectRetriesUsedUp(this, log.sight(), `"${log.name}"`);
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

Then('{log} is not uploaded a second time', async function (this: VaultWorld, log: LocatedLog) {
  const object = log.sight();
  await this.never(
    () => this.bucket.uploadsOf(object).length > 1,
    `"${log.name}" to be uploaded a second time`,
  );
});

Then(
  '(the object of ){logs} is filed under its day in UTC',
  async function (this: VaultWorld, logs: readonly LocatedLog[]) {
    await this.helpers.storedLogs.expectFiled(logs);
  },
);

Then(
  'the object of {log} still holds the bytes first stored',
  async function (this: VaultWorld, log: LocatedLog) {
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

function expectRetriesUsedUp({ bucket, vault }: VaultWorld, key: KeySight, what: string): void {
  const uploads = bucket.uploadsOf(key);
  const { retryMaxAttempts } = vault.settings;
  expect(
    uploads.length,
    `uploads of ${what}, all turned away, where VAULT_RETRY_MAX_ATTEMPTS is ${retryMaxAttempts}`,
  ).to.equal(retryMaxAttempts);
  expect(uploads).to.be.retriedWithBackoff(vault.settings);
}
