import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { checksumOf } from '../support/bytes/checksum';
import type { ObjectFault } from '../support/object-store/object-faults';
import type { StorageCalls, StoredObject, UploadedObject } from '../support/parameter-types';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given('the vault has begun to upload {log}', async function (this: VaultWorld, log: LocatedLog) {
  await this.jobs.start();
  await this.helpers.storedLogs.untilUploadArrived(log);
});

Given(
  'storage answers {storage calls} of {object} with {storage fault}',
  function (this: VaultWorld, calls: StorageCalls, { key }: StoredObject, fault: ObjectFault) {
    this.bucket.arm({ class: calls.class, key }, fault, calls.times);
  },
);

Given('storage recovers', function (this: VaultWorld) {
  this.bucket.heal();
});

Given('the object of {log} was deleted from storage', async function (this: VaultWorld, log: LocatedLog) {
  await this.objects.delete(log.objectKey);
  this.ledger.expect(log, 'orphaned');
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

Given(
  'storage {cut} half-way through every read of {log}',
  function (this: VaultWorld, cut: { readonly silent?: true }, { sight, payload }: LocatedLog) {
    const afterBytes = Math.floor(payload.byteLength / 2);
    const fault: ObjectFault = { kind: 'cut-off', afterBytes, ...cut };
    this.bucket.arm({ class: 'read', key: sight() }, fault, Number.POSITIVE_INFINITY);
  },
);

When('the object of {log} is put back', async function (this: VaultWorld, log: LocatedLog) {
  await this.objects.put(log.objectKey, log.payload);
  this.ledger.expectStable(log);
});

Then('{log} was uploaded {int} times', function (this: VaultWorld, log: LocatedLog, times: number) {
  const uploads = this.bucket.uploadsOf(log.sight());
  // One that the vault gave up by itself met no fault, and is one more.
  expect(uploads.filter(({ givenUp }) => !givenUp).length, `uploads of "${log.name}"`).to.equal(times);
});

Then('each upload of {log} carried the same bytes', function (this: VaultWorld, log: LocatedLog) {
  expect(this.bucket.uploadsOf(log.sight())).to.be.uploadsOfTheSameBytes();
});

Then(
  'the vault waited between the uploads of {log} as its retry policy demands',
  function (this: VaultWorld, log: LocatedLog) {
    expect(this.bucket.uploadsOf(log.sight())).to.be.retriedWithBackoff(this.vault.settings);
  },
);

Then(
  '{uploaded object} was uploaded as often as the retry policy allows',
  function (this: VaultWorld, { key, name }: UploadedObject) {
    const uploads = this.bucket.uploadsOf(key);
    const { retryMaxAttempts } = this.vault.settings;
    expect(
      uploads.length,
      `uploads of ${name}, all turned away, where VAULT_RETRY_MAX_ATTEMPTS is ${retryMaxAttempts}`,
    ).to.equal(retryMaxAttempts);
    expect(uploads).to.be.retriedWithBackoff(this.vault.settings);
  },
);

Then(
  '{uploaded object} is not uploaded a second time',
  async function (this: VaultWorld, { key, name }: UploadedObject) {
    await this.never(() => this.bucket.uploadsOf(key).length > 1, `${name} to be uploaded a second time`);
  },
);

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

Then('storage holds nothing of {log}', async function (this: VaultWorld, log: LocatedLog) {
  expect(await this.helpers.storedLogs.objectsOf(log), `objects of "${log.name}"`).to.deep.equal([]);
});
