import { Given, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { auditEvent } from '../support/bytes/audit-event';
import type { OfferSet } from '../support/scenario/log-sets';
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
    await this.helpers.repeatedIngestions.rememberMetadata();
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
