import { Then } from '@cucumber/cucumber';
import { expect } from 'chai';
import { mediaTypeOf, RETRY_AFTER } from '../services/answer';
import { checksumOf } from '../support/bytes/checksum';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Then('the vault answers that the client made a mistake', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.be.within(400, 499);
});

Then('the vault answers each time that the client made a mistake', function (this: VaultWorld) {
  this.helpers.answers.expectEach((answer) => {
    this.answer = answer;
    expect(answer.status, this.quoteAnswer()).to.be.within(400, 499);
  });
});

Then('the vault answers that there is no such log', function (this: VaultWorld) {
  expect(this.answer.status, `there never was any such thing, but ${this.quoteAnswer()}`).to.equal(404);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('the vault answers each time that there is no such job', function (this: VaultWorld) {
  this.helpers.answers.expectEach((answer) => {
    this.answer = answer;
    expect(answer.status, `there never was any such thing, but ${this.quoteAnswer()}`).to.equal(404);
    expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
  });
});

Then('the vault answers that storage cannot be reached', function (this: VaultWorld) {
  expect(this.answer.status, `storage cannot be reached, but ${this.quoteAnswer()}`).to.equal(503);
  expect(this.answer.headers['retry-after'] ?? '', 'Retry-After of the answer').to.match(RETRY_AFTER);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then('the vault does not answer as if the content were there', function (this: VaultWorld) {
  const { status } = this.answer;
  expect(status, `the object is gone, but ${this.quoteAnswer()}`).to.be.within(400, 599);
  expect(this.errorBody().error, this.quoteAnswer()).to.match(/\S/);
});

Then(
  'the vault answers that the raw content of {log} is missing, and names its checksum',
  function (this: VaultWorld, log: LocatedLog) {
    expect(this.answer.status, `the object of "${log.name}" is gone, but ${this.quoteAnswer()}`).to.equal(
      this.services.logs.missingObject,
    );
    const { error, log_id: logId, checksum } = this.errorBody();
    expect({ error, log_id: logId }, this.quoteAnswer()).to.deep.equal({
      error: 'Raw Content Missing',
      log_id: log.logId,
    });
    const said = [checksum, this.services.logs.checksumOf(checksum)];
    expect(said, `the checksum that is named: ${this.quoteAnswer()}`).to.include(checksumOf(log.payload));
  },
);

Then('the answer must not be cached', function (this: VaultWorld) {
  const directives = (this.answer.headers['cache-control'] ?? '').toLowerCase().split(/\s*,\s*/);
  expect(directives, 'Cache-Control of the answer').to.include('no-store');
});

Then('the answer is declared as JSON', function (this: VaultWorld) {
  expect(this.answer.status, this.quoteAnswer()).to.equal(200);
  expect(mediaTypeOf(this.answer), 'the media type of the raw log').to.equal('application/json');
});

Then(
  'the answer carries the checksum of {log} recorded at ingestion',
  function (this: VaultWorld, log: LocatedLog) {
    expect(
      this.services.logs.checksumIn(this.answer),
      `${this.services.logs.checksumHeader} of "${log.name}", whose stored bytes now hash to ${checksumOf(this.answer.body)}, has to be the one recorded at ingestion`,
    ).to.equal(checksumOf(log.payload));
  },
);

Then('the vault serves the bytes that are stored', async function (this: VaultWorld) {
  expect(this.answer.status, `an object is stored, if not the right one, but ${this.quoteAnswer()}`).to.equal(
    200,
  );
  const [log] = await this.services.finder.locateAll(this.scope.logs);
  if (log === undefined) expect.fail('the scenario has no log');
  expect(this.answer.body, `the raw log "${log.name}"`).to.be.byteIdenticalTo(
    await this.helpers.storedLogs.object(log),
    {
      expected: 'storage holds',
      actual: 'the vault returned',
    },
  );
});
