import { Given, Then, When } from '@cucumber/cucumber';
import type { ObjectFault } from '../support/object-store/object-faults';
import { deletablePath } from '../support/scenario/deletable-path';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

type CutOff = Extract<ObjectFault, { kind: 'cut-off' }>;

/**
 * A vault may end a call to storage that lasts as long as its limit in all (contract, section 4), so a reader
 * is quicker than that.
 */
const SLOW_READER_SHARE = 0.5;

Given(
  'storage {cut} half-way through every read of {log}',
  function (this: VaultWorld, cut: Pick<CutOff, 'silent'>, { sight, payload }: LocatedLog) {
    const afterBytes = Math.floor(payload.byteLength / 2);
    const fault: CutOff = { kind: 'cut-off', afterBytes, ...cut };
    this.bucket.arm({ class: 'read', key: sight() }, fault, Number.POSITIVE_INFINITY);
  },
);

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

When('a client asks for the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.send('GET', path);
});

When('a client sends something to the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.post(path, {});
});

When('a client tries to delete {}', async function (this: VaultWorld, what: string) {
  this.answer = await this.services.client.send(
    'DELETE',
    await deletablePath(what, {
      scope: this.scope,
      finder: this.services.finder,
      job: this.jobs.last,
    }),
  );
});

Then('each reader got exactly the log that was asked for', function (this: VaultWorld) {
  this.helpers.rawReaders.expectEachGotItsLog();
});

Then('the answer does not look whole', function (this: VaultWorld) {
  this.helpers.rawReaders.expectNoFalseWhole();
});
