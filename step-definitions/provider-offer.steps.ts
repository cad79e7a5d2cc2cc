import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { auditEvent } from '../support/bytes/audit-event';
import { offerDated, offerLarge } from '../support/scenario/log-sets';
import { deliveryOf, oddCursor, oddId } from '../support/scenario/provider-oddities';
import type { NamedLog } from '../support/scenario/scenario-scope';
import { zonedTime } from '../support/scenario/zoned-time';
import type { VaultWorld } from '../support/world';

const DAY_MS = 24 * 3600 * 1000;

Given(
  'its listing has {int} empty page(s) before each further page',
  function (this: VaultWorld, emptyPages: number) {
    this.provider.emptyPages = emptyPages;
  },
);

Given('its listing begins and ends with an empty page', function (this: VaultWorld) {
  this.provider.emptyEnds = true;
});

Given('the cursor to its second page is {}', function (this: VaultWorld, words: string) {
  this.provider.secondCursor = oddCursor(words);
});

Given('it compresses its listing for clients that accept compression', function (this: VaultWorld) {
  this.provider.compressedListings = true;
});

Given(
  'the provider {provider} offers the log {log name} and lists it {int} times',
  function (this: VaultWorld, providerId: string, name: string, listedTimes: number) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), listedTimes });
  },
);

Given(
  'the provider {provider} offers the log {log name}, whose id has {}',
  function (this: VaultWorld, providerId: string, name: string, oddity: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), sourceId: oddId(this.scope, oddity) });
  },
);

Given(
  'the provider {provider} offers the log {log name}, whose id is {word}',
  function (this: VaultWorld, providerId: string, name: string, sourceId: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), sourceId });
  },
);

Given(
  'the provider {provider} offers the log {log name} under the id {word}',
  function (this: VaultWorld, providerId: string, name: string, id: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), sourceId: this.scope.sourceId(id) });
  },
);

Given(
  'the provider {provider} offers the log {log name}, dated {word} UTC and written in the time zone {word}',
  function (this: VaultWorld, providerId: string, name: string, time: string, zone: string) {
    const timestamp = zonedTime(this.scope.at(0).slice(0, 10), time, zone);
    this.scope.offer(name, { providerId, payload: auditEvent(name), timestamp });
  },
);

Given(
  'the provider {provider} offers the log {log name}, dated {word} UTC of the day',
  function (this: VaultWorld, providerId: string, name: string, time: string) {
    const timestamp = zonedTime(this.scope.at(0).slice(0, 10), time, 'Z');
    this.scope.offer(name, { providerId, payload: auditEvent(name), timestamp });
  },
);

Given(
  'the provider {provider} offers the log {log name}, dated at the very end of the day',
  function (this: VaultWorld, providerId: string, name: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), timestamp: this.scope.range.end });
  },
);

Given(
  'the provider {provider} offers the log {log name}, dated just before the day',
  function (this: VaultWorld, providerId: string, name: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), timestamp: this.scope.at(-1) });
  },
);

Given(
  'the provider {provider} lists the log {log name} today, though it is dated {days}',
  function (this: VaultWorld, providerId: string, name: string, days: number) {
    offerDated(this.scope, providerId, name, this.scope.at(days * DAY_MS));
  },
);

Given(
  'the provider {provider} lists the log {log name} today, though it is dated {word}',
  function (this: VaultWorld, providerId: string, name: string, timestamp: string) {
    offerDated(this.scope, providerId, name, timestamp);
  },
);

Given(
  'the provider {provider} has the log {log name}, but does not list it today',
  function (this: VaultWorld, providerId: string, name: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), listedAt: this.scope.at(-DAY_MS) });
  },
);

Given(
  'the provider {provider} offers the log {log name}, which has/is {kind of payload}, sent {}',
  function (this: VaultWorld, providerId: string, name: string, payload: Buffer, delivery: string) {
    this.scope.offer(name, { providerId, payload, delivery: deliveryOf(delivery) });
  },
);

Given(
  'the provider {provider} offers the large log {log name}, sent {}',
  function (this: VaultWorld, providerId: string, name: string, delivery: string) {
    offerLarge(this.scope, providerId, name, deliveryOf(delivery));
  },
);

When('the vault ingests the logs of each provider', async function (this: VaultWorld) {
  this.jobs.seen.push(...(await this.helpers.requests.runAll()));
});

Then('the object of {log} is filed under its day in UTC', async function (this: VaultWorld, log: NamedLog) {
  await this.helpers.storedLogs.expectFiled([log]);
});

Then('each of its logs is filed under its day in UTC', async function (this: VaultWorld) {
  await this.helpers.storedLogs.expectFiled(this.scope.logs);
});

Then(
  "the metadata of {log} names its provider, the provider's id for it, and the job that wrote it",
  async function (this: VaultWorld, log: NamedLog) {
    const { logId, providerId, sourceId, timestamp, payload, objectKey } = log;
    const { kind, checksum, ...record } = await this.helpers.storedLogs.record(log);
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

Then('its metadata keeps the timestamp as the provider wrote it', async function (this: VaultWorld) {
  const [log] = this.scope.logs;
  if (log === undefined) expect.fail('the scenario has no log');
  const { timestamp } = await this.helpers.storedLogs.record(log);
  expect(timestamp, `the timestamp in the metadata of "${log.name}"`).to.equal(log.timestamp);
});
