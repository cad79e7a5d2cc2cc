import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import { checksumOf } from '../support/bytes/checksum';
import type { VaultWorld } from '../support/world';

Then('no metadata describes {log}', async function (this: VaultWorld, name: string) {
  await this.helpers.storedLogs.expectNoMetadata(this.scope.log(name));
});

Then('the metadata of {log} is unchanged', async function (this: VaultWorld, name: string) {
  const [first] = this.scope.versionsOf(name);
  const record = await this.helpers.storedLogs.record(this.scope.log(name));
  expect(
    { checksum: record.checksum, bytes: record.bytes, timestamp: record.timestamp, key: record.object.key },
    `metadata of "${name}"`,
  ).to.deep.equal({
    checksum: checksumOf(first?.payload ?? Buffer.alloc(0)),
    bytes: first?.payload.byteLength,
    timestamp: first?.timestamp,
    key: first?.objectKey,
  });
});
