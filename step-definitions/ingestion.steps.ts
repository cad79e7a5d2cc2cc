import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { Priority, TimeRange } from '../services/ingestion-service';
import { auditEvent } from '../support/bytes/audit-event';
import type { Manner } from '../support/scenario/good-requests';
import { laterHalvesFirst, type OfferSet } from '../support/scenario/log-sets';
import type { WhichJob } from '../support/scenario/repeated-ingestions';
import type { VaultWorld } from '../support/world';

Given(
  'a log {log name} ingested from {provider}',
  async function (this: VaultWorld, name: string, providerId: string) {
    this.scope.offer(name, { providerId, payload: auditEvent(name) });
    await this.jobs.ingest();
    this.jobs.expectLastCompleted();
  },
);

Given(
  "the vault ingested the provider's logs, and the job {word}",
  async function (this: VaultWorld, state: string) {
    await this.jobs.ingest();
    await this.helpers.storedLogs.rememberMetadata();
    expect(this.jobs.last.state, `job ${this.jobs.last.jobId}`).to.equal(state);
  },
);

Given('the vault ingested {set of logs}', async function (this: VaultWorld, offer: OfferSet) {
  offer(this.scope, 'okta_system_log');
  await this.jobs.ingest();
  this.jobs.expectLastCompleted();
});

When("the vault ingests the provider's logs( again)", async function (this: VaultWorld) {
  await this.jobs.ingest();
});

When('the vault ingests the logs of each provider', async function (this: VaultWorld) {
  this.jobs.seen.push(...(await this.helpers.requests.runAll()));
});

When(
  'the (two )vault(s) ingest(s) these ranges of the logs at once',
  async function (this: VaultWorld, stretches: DataTable) {
    const { repeatedIngestions } = this.helpers;
    const { logs } = this.scope;
    await repeatedIngestions.atOnce(
      stretches
        .hashes()
        .map(({ first, last }) => repeatedIngestions.spanOf(logs.slice(Number(first) - 1, Number(last)))),
    );
  },
);

When('the vault ingests the logs of both at once', async function (this: VaultWorld) {
  const providers = [...new Set(this.scope.logs.map(({ providerId }) => providerId))];
  const { range } = this.scope;
  await this.helpers.repeatedIngestions.atOnce(
    providers.map((providerId) => ({ provider_id: providerId, range })),
  );
});

When(
  "the vault ingests/ingested the provider's logs from {word} to {word}",
  async function (this: VaultWorld, from: string, to: string) {
    const range = this.helpers.requests.rangeOfDay(from, to);
    this.answer = await this.helpers.requests.ask(this.helpers.requests.good({ range }));
    this.jobs.startedId = this.helpers.requests.expectAccepted(this.answer);
    await this.jobs.untilEnded();
  },
);

When('the vault ingests the later half of each before the earlier half', async function (this: VaultWorld) {
  await this.helpers.repeatedIngestions.inTurn(
    laterHalvesFirst(this.scope.logs).map((half) => this.helpers.repeatedIngestions.spanOf(half)),
  );
});

When("a client asks the vault to ingest the provider's logs", async function (this: VaultWorld) {
  this.answer = await this.helpers.requests.ask(this.helpers.requests.good());
});

When(
  "a client asks the vault to ingest the provider's logs {manner}",
  async function (this: VaultWorld, manner: Manner) {
    const { request, mediaType } = manner(this.helpers.requests.good());
    this.answer = await this.helpers.requests.ask(request, mediaType);
  },
);

When(
  "{int} auditors at once ask the vault(s) to ingest the provider's logs",
  async function (this: VaultWorld, auditors: number) {
    await this.helpers.repeatedIngestions.atOnce(
      Array.from({ length: auditors }, () => this.helpers.requests.good()),
    );
  },
);

When(
  'auditors at once ask the vault to ingest the same range, with these endings of its times',
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
  'an auditor asks the vault to ingest the same range with the priority {string}',
  async function (this: VaultWorld, priority: Priority) {
    await this.helpers.repeatedIngestions.atOnce([this.helpers.requests.good({ priority })]);
  },
);

When(
  'an auditor asks the vault to ingest a range that {ends otherwise}',
  async function (this: VaultWorld, range: TimeRange) {
    await this.helpers.repeatedIngestions.atOnce([this.helpers.requests.good({ range })]);
  },
);

Then('the auditor(s) is/are given {which job}', function (this: VaultWorld, which: WhichJob) {
  this.jobs.startedId = this.helpers.repeatedIngestions.expectGiven(which);
});
