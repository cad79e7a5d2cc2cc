import { type DataTable, Given } from '@cucumber/cucumber';
import { auditEvent, withOneByteChanged } from '../support/bytes/audit-event';
import {
  type Arrangement,
  type OfferSet,
  offerAt,
  offerDated,
  offerLarge,
} from '../support/scenario/log-sets';
import { deliveryOf } from '../support/scenario/provider-oddities';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import { spanMs } from '../support/scenario/zoned-time';
import type { VaultWorld } from '../support/world';

Given(
  'the provider {provider} offers the log {log name}',
  function (this: VaultWorld, providerId: string, name: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name) });
  },
);

Given(
  'the provider {provider} offers {set of logs}',
  function (this: VaultWorld, providerId: string, offer: OfferSet) {
    offer(this.scope, providerId);
  },
);

Given(
  'the providers {provider} and {provider} offer {int} logs each, {arrangement}',
  function (this: VaultWorld, first: string, second: string, each: number, offer: Arrangement) {
    offer(this.scope, [first, second], each);
  },
);

Given(
  'the provider {provider} offers {int} log(s) at each of these times, the last one first',
  function (this: VaultWorld, providerId: string, each: number, times: DataTable) {
    const once = times.hashes().flatMap((row) => row['time of day'] ?? []);
    offerAt(
      this.scope,
      providerId,
      Array.from({ length: each }, () => once)
        .flat()
        .reverse(),
    );
  },
);

Given(
  'the provider {provider} offers the log {log name} and lists it {int} times',
  function (this: VaultWorld, providerId: string, name: string, listedTimes: number) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), listedTimes });
  },
);

Given(
  'the provider {provider} offers the log {log name}, whose id {id}',
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
  'the provider {provider} offers the log {log name}, dated {time}',
  function (this: VaultWorld, providerId: string, name: string, timestamp: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name), timestamp });
  },
);

Given(
  'the provider {provider} lists the log {log name} today, though it is dated {time}',
  function (this: VaultWorld, providerId: string, name: string, timestamp: string) {
    offerDated(this.scope, providerId, name, timestamp);
  },
);

Given(
  'the provider {provider} offers the log {log name}, which has/is {kind of payload}',
  function (this: VaultWorld, providerId: string, name: string, payload: Buffer) {
    this.scope.offer(name, { providerId, payload });
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

Given('the provider now serves different bytes for {log}', function (this: VaultWorld, log: LocatedLog) {
  const { providerId } = log;
  this.scope.offer(log.name, { providerId, payload: auditEvent(`${log.name}, rewritten by the provider`) });
});

Given(
  'the provider now serves different bytes of the same length for {log}',
  function (this: VaultWorld, log: LocatedLog) {
    const { providerId, payload } = log;
    this.scope.offer(log.name, { providerId, payload: withOneByteChanged(payload) });
  },
);

Given(
  'the provider now says that {log} happened {} later',
  function (this: VaultWorld, log: LocatedLog, span: string) {
    const { providerId, payload, timestamp } = log;
    const later = new Date(Date.parse(timestamp) + spanMs(span)).toISOString();
    this.scope.offer(log.name, { providerId, payload, timestamp: later, listedAt: timestamp });
  },
);
