import { Given } from '@cucumber/cucumber';
import { auditEvent, withOneByteChanged } from '../support/bytes/audit-event';
import type { NamedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given(
  'the provider {provider} offers a log whose payload has/is {kind of payload}',
  function (this: VaultWorld, providerId: string, payload: Buffer) {
    this.scope.offer('the log', { providerId, payload });
  },
);

Given(
  'the provider {provider} offers the log {log name}',
  function (this: VaultWorld, providerId: string, name: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name) });
  },
);

Given(
  'the provider {provider} offers {count of logs}',
  function (this: VaultWorld, providerId: string, count: number) {
    this.scope.offerMany(count, providerId);
  },
);

Given(
  'the provider {provider} offers {int} logs with the same bytes',
  function (this: VaultWorld, providerId: string, count: number) {
    this.scope.offerMany(count, providerId, () => ({ payload: auditEvent('heartbeat') }));
  },
);

Given(
  'the provider {provider} offers {int} logs with the same timestamp',
  function (this: VaultWorld, providerId: string, count: number) {
    this.scope.offerMany(count, providerId, () => ({ timestamp: this.scope.at(1000) }));
  },
);

Given('it lists {count of logs} a page', function (this: VaultWorld, pageLogs: number) {
  this.provider.pageLogs = pageLogs;
});

Given('the provider now serves different bytes for {log}', function (this: VaultWorld, log: NamedLog) {
  const { providerId } = log;
  this.scope.offer(log.name, { providerId, payload: auditEvent(`${log.name}, rewritten by the provider`) });
});

Given(
  'the provider now serves different bytes of the same length for {log}',
  function (this: VaultWorld, log: NamedLog) {
    const { providerId, payload } = log;
    this.scope.offer(log.name, { providerId, payload: withOneByteChanged(payload) });
  },
);
