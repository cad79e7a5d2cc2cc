import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { mediaTypeOf } from '../services/answer';
import { checksumOf } from '../support/bytes/checksum';
import type { ObjectFault } from '../support/object-store/object-faults';
import { deletablePath } from '../support/scenario/deletable-path';
import type { NamedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

type CutOff = Extract<ObjectFault, { kind: 'cut-off' }>;

/**
 * A vault may end a call to storage that lasts as long as its limit in all (contract, section 4), so a reader
 * is quicker than that.
 */
const SLOW_READER_SHARE = 0.5;

Given(
  'the provider {provider} offers the log {log name} of {kind of payload}',
  function (this: VaultWorld, providerId: string, name: string, payload: Buffer) {
    this.scope.offer(name, { providerId, payload });
  },
);

Given(
  'storage {cut} half-way through every read of {log}',
  function (this: VaultWorld, cut: Pick<CutOff, 'silent'>, { objectKey, payload }: NamedLog) {
    const afterBytes = Math.floor(payload.byteLength / 2);
    const fault: CutOff = { kind: 'cut-off', afterBytes, ...cut };
    this.bucket.arm({ class: 'read', key: objectKey }, fault, Number.POSITIVE_INFINITY);
  },
);

When('a slow reader retrieves the raw log {log}', async function (this: VaultWorld, log: NamedLog) {
  await this.helpers.rawReaders.readSlowly(log, this.vault.settings.callTimeoutMs * SLOW_READER_SHARE);
});

When('{int} readers retrieve the raw logs at once', async function (this: VaultWorld, readers: number) {
  await this.helpers.rawReaders.readAtOnce(this.scope.logs, readers);
});

When(
  '{int} readers of the raw log {log} hang up half-way',
  async function (this: VaultWorld, readers: number, log: NamedLog) {
    await this.helpers.rawReaders.hangUp(log, readers);
  },
);

When(
  'an auditor retrieves as much of the raw log {log} as the vault returns',
  async function (this: VaultWorld, log: NamedLog) {
    await this.helpers.rawReaders.readBroken(log);
  },
);

When('the auditor retrieves the raw log called {}', async function (this: VaultWorld, logId: string) {
  this.answer = await this.services.logs.raw(logId);
});

When('a client asks for the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.send('GET', path);
});

When('a client sends something to the path {string}', async function (this: VaultWorld, path: string) {
  this.answer = await this.services.client.post(path, {});
});

When('a client tries to delete {}', async function (this: VaultWorld, what: string) {
  this.answer = await this.services.client.send('DELETE', deletablePath(what, this.scope, this.jobs.last));
});

Then('each reader got exactly the log that was asked for', function (this: VaultWorld) {
  this.helpers.rawReaders.expectEachGotItsLog();
});

Then('the answer does not look whole', function (this: VaultWorld) {
  this.helpers.rawReaders.expectNoFalseWhole();
});

Then('the answer is declared as JSON', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.equal(200);
  expect(mediaTypeOf(this.answer), 'the media type of the raw log').to.equal('application/json');
});

Then('the checksum that the auditor computes is the same', function (this: VaultWorld) {
  expect(checksumOf(this.answer.body)).to.equal(this.answer.headers['x-vault-checksum']);
});

Then('the vault answers that the client made a mistake', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.be.within(400, 499);
});
