import { type DataTable, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { auditEvent } from '../support/bytes/audit-event';
import type { LocatedLog } from '../support/scenario/scenario-scope';
import type { PageRow } from '../support/scenario/search-pages';
import type { VaultWorld } from '../support/world';

/** The instant of a log that is later than every other of its scenario, by its number. */
const LATER_MS = 20 * 3600 * 1000;

When(
  'the auditor goes through pages of {int} logs, and a later log is ingested before each of the first {int} pages',
  async function (this: VaultWorld, limit: number, additions: number) {
    await this.helpers.searchPages.turnPages(limit, async (turn) => {
      if (turn > additions) return;
      const offer = { providerId: 'okta_system_log', payload: auditEvent(`later log ${turn}`) };
      const later = this.scope.offer(`later log ${turn}`, {
        ...offer,
        timestamp: this.scope.at(LATER_MS + turn),
      });
      await this.helpers.repeatedIngestions.inTurn([this.helpers.repeatedIngestions.spanOf([later])]);
    });
  },
);

When(
  'the auditor makes these searches, one after the other',
  async function (this: VaultWorld, all: DataTable) {
    await this.helpers.answers.ask(all.rows(), ([member, value = '']) =>
      this.services.logs.askPage({ [member]: value }),
    );
  },
);

When(
  '{int} auditors search at once, each for a page of its own',
  async function (this: VaultWorld, auditors: number) {
    await this.helpers.searchPages.askAtOnce(auditors);
  },
);

Then('each of them is shown the page that was asked for', async function (this: VaultWorld) {
  await this.helpers.searchPages.expectOwnPages();
});

Then('search lists the logs in the order in which they happened', async function (this: VaultWorld) {
  await this.helpers.searchPages.expectOrder();
});

Then('search shows of these {int} logs', async function (this: VaultWorld, count: number, pages: DataTable) {
  expect(this.scope.logs.length, 'logs that the scenario stored').to.equal(count);
  await this.helpers.searchPages.expectPages(pages.hashes() as unknown as readonly PageRow[]);
});

Then(
  'each page of {int} logs is the same all {int} times it is asked for',
  async function (this: VaultWorld, limit: number, times: number) {
    await this.helpers.searchPages.expectSameAnswers(limit, times);
  },
);

Then('the auditor has seen each log once and in order', async function (this: VaultWorld) {
  await this.helpers.searchPages.expectNothingRepeatedNorSkipped();
});

Then(
  'the vault refuses each in plain words, or finds as many of the {int} logs as stand beside it',
  function (this: VaultWorld, total: number) {
    this.helpers.answers.expectEach((answer, [, , found]) => {
      this.answer = answer;
      this.helpers.searchPages.expectRefusedOrFound(answer, Number(found), total, this.quoteAnswer());
    });
  },
);

Then('search lists exactly the ids that follow from them', async function (this: VaultWorld) {
  const ids = (await this.services.logs.all()).map(({ id }) => id);
  const logs = await this.services.finder.locateAll(this.scope.logs);
  expect(ids).to.have.members(logs.map(({ logId }) => logId));
});

Then('search finds {log} once', async function (this: VaultWorld, log: LocatedLog) {
  expect(await this.helpers.storedLogs.timesFound(log), `times search shows "${log.name}"`).to.equal(1);
});

Then('search does not find {log}', async function (this: VaultWorld, log: LocatedLog) {
  expect(await this.helpers.storedLogs.timesFound(log), `times search shows "${log.name}"`).to.equal(0);
});

Then('search never finds {log} while its upload hangs', async function (this: VaultWorld, log: LocatedLog) {
  await this.helpers.storedLogs.expectNeverFound(log);
});
