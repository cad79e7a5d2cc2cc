import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import type { IngestRequest, Priority, TimeRange } from '../services/ingestion-service';
import type { WhichJob } from '../support/scenario/repeated-ingestions';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given("the vault is at work on the provider's logs", async function (this: VaultWorld) {
  await this.jobs.start();
  await this.services.watcher.untilState(this.helpers.repeatedIngestions.firstJobId, 'processing');
});

Given('the vault has begun to upload {log}', async function (this: VaultWorld, log: LocatedLog) {
  await this.jobs.start();
  await this.helpers.storedLogs.untilUploadArrived(log);
});

Given('a second vault on the same stores', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.startPeer();
});

When(
  "{int} auditors ask (both vaults )at once for the provider's logs",
  async function (this: VaultWorld, auditors: number) {
    await this.helpers.repeatedIngestions.atOnce(
      Array.from({ length: auditors }, () => this.helpers.requests.good()),
    );
  },
);

When(
  'auditors ask at once for the same range, with these endings of its times',
  async function (this: VaultWorld, endings: DataTable) {
    const spellings = endings
      .hashes()
      .map(({ ending = '' }) => this.helpers.repeatedIngestions.endingWith(ending));
    await this.helpers.repeatedIngestions.atOnce(
      spellings.map((range) => this.helpers.requests.good({ range })),
    );
  },
);

When(
  'an auditor asks for the same range with the priority {string}',
  async function (this: VaultWorld, priority: Priority) {
    await this.helpers.repeatedIngestions.atOnce([this.helpers.requests.good({ priority })]);
  },
);

When(
  'an auditor asks for a range that {ends otherwise}',
  async function (this: VaultWorld, range: TimeRange) {
    await this.helpers.repeatedIngestions.atOnce([this.helpers.requests.good({ range })]);
  },
);

When(
  'the (two )vault(s) ingest(s) these ranges of the logs at once',
  async function (this: VaultWorld, stretches: DataTable) {
    await this.helpers.repeatedIngestions.atOnce(stretchesOf(this, stretches));
  },
);

When('the vault ingests the logs of both at once', async function (this: VaultWorld) {
  const providers = [...new Set(this.scope.logs.map(({ providerId }) => providerId))];
  const { range } = this.scope;
  await this.helpers.repeatedIngestions.atOnce(
    providers.map((providerId) => ({ provider_id: providerId, range })),
  );
});

Then('the auditor(s) is/are given {which job}', function (this: VaultWorld, which: WhichJob) {
  this.jobs.startedId = this.helpers.repeatedIngestions.expectGiven(which);
});

Then(
  'every log is byte for byte what its own provider served, as soon as its job completes',
  async function (this: VaultWorld) {
    await this.helpers.repeatedIngestions.untilAllUnchanged();
  },
);

Then('the metadata of each log is as the first job left it', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.expectMetadataAsRemembered();
});

Then('each log has one record and one object', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.expectEachStoredOnce();
});

function stretchesOf(world: VaultWorld, table: DataTable): IngestRequest[] {
  return table
    .hashes()
    .map(({ first, last }) =>
      world.helpers.repeatedIngestions.spanOf(world.scope.logs.slice(Number(first) - 1, Number(last))),
    );
}
