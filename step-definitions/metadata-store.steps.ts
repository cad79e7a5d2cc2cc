import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import { checksumOf } from '../support/bytes/checksum';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Then('no metadata describes {log}', async function (this: VaultWorld, log: LocatedLog) {
  await this.helpers.storedLogs.expectNoMetadata(log);
});

Then('the metadata of {log} is unchanged', async function (this: VaultWorld, log: LocatedLog) {
  const [offered = log] = this.scope.versionsOf(log.name);
  const first = await this.services.finder.locate(offered);
  const record = await this.helpers.storedLogs.record(log);
  expect(
    { checksum: record.checksum, bytes: record.bytes, timestamp: record.timestamp, key: record.object.key },
    `metadata of "${log.name}"`,
  ).to.deep.equal({
    checksum: checksumOf(first.payload),
    bytes: first.payload.byteLength,
    timestamp: first.timestamp,
    key: first.objectKey,
  });
});

Then(
  'the metadata of {log} names its provider, its id and its timestamp there, and the job that wrote it',
  async function (this: VaultWorld, log: LocatedLog) {
    const { logId, providerId, sourceId, timestamp, payload, objectKey } = log;
    const { kind, checksum, idNumber, ...record } = await this.helpers.storedLogs.record(log);
    expect(record, `the metadata of "${log.name}"`).to.deep.equal({
      logId,
      providerId,
      sourceId,
      jobId: this.jobs.last.jobId,
      timestamp,
      bytes: payload.byteLength,
      object: { bucket: this.environment.bucketName, key: objectKey },
    });
  },
);

Then('the metadata of each log is as the first job left it', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectMetadataAsRemembered();
});
