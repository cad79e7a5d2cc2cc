import { Given, Then, When } from '@cucumber/cucumber';
import type { Absence } from '../support/metadata-store/tcp-gate';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { VaultWorld } from '../support/world';

Given('MongoDB cannot be reached', async function (this: VaultWorld) {
  await this.helpers.metadataOutage.begin();
});

When('MongoDB is away for a moment and the work continues', async function (this: VaultWorld) {
  await this.helpers.metadataOutage.forAMoment(() => this.helpers.heldJobs.letGo());
  await this.jobs.untilEnded();
});

When('the auditor searches while MongoDB is away for a moment', async function (this: VaultWorld) {
  await this.helpers.metadataOutage.searchDuringAMoment();
});

When(
  'MongoDB is {absence} until every call that needs it has been answered',
  async function (this: VaultWorld, absence: Absence) {
    await this.helpers.metadataOutage.begin(absence);
    this.helpers.heldJobs.letGo();
    await this.helpers.metadataOutage.askEverything();
    await this.helpers.metadataOutage.end();
  },
);

Then('each search finds {log} or says when to ask again', function (this: VaultWorld, log: LocatedLog) {
  this.helpers.metadataOutage.expectFoundOrUnavailable(log);
});

Then(
  'each answer says within the time allowed that the vault cannot know now, and when to ask again',
  function (this: VaultWorld) {
    this.helpers.metadataOutage.expectUnavailable();
  },
);

Then('the vault serves again without help', async function (this: VaultWorld) {
  await this.helpers.metadataOutage.untilServing();
});
