import { Then, When } from '@cucumber/cucumber';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

/**
 * A vault may end a call to storage that lasts as long as its limit in all (contract, section 4), so a reader
 * is quicker than that.
 */
const SLOW_READER_SHARE = 0.5;

When('a slow reader retrieves the raw log {log}', async function (this: VaultWorld, log: LocatedLog) {
  await this.helpers.rawReaders.readSlowly(log, this.vault.settings.callTimeoutMs * SLOW_READER_SHARE);
});

When('{int} readers retrieve the raw logs at once', async function (this: VaultWorld, readers: number) {
  await this.helpers.rawReaders.readAtOnce(this.scope.logs, readers);
});

When(
  '{int} readers of the raw log {log} hang up half-way',
  async function (this: VaultWorld, readers: number, log: LocatedLog) {
    await this.helpers.rawReaders.hangUp(log, readers);
  },
);

When(
  'an auditor retrieves as much of the raw log {log} as the vault returns',
  async function (this: VaultWorld, log: LocatedLog) {
    await this.helpers.rawReaders.readBroken(log);
  },
);

Then('each reader got exactly the log that was asked for', function (this: VaultWorld) {
  this.helpers.rawReaders.expectEachGotItsLog();
});

Then('the answer does not look whole', function (this: VaultWorld) {
  this.helpers.rawReaders.expectNoFalseWhole();
});
