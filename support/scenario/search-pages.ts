import { expect } from 'chai';
import type { FoundLog, LogPage, LogService } from '../../services/log-service';
import type { VaultAnswer } from '../../services/vault-client';
import { count } from '../bytes/safe-text';
import type { LogFinder } from '../ledger/log-finder';
import { inSearchOrder } from '../ledger/search-order';
import type { LocatedLog, ScenarioScope } from './scenario-scope';

/** A page as a feature file asks for it: an empty `limit` or `offset` is not named in the question. */
export interface PageRow {
  readonly limit: string;
  readonly offset: string;
  /** Places in the whole list, from 1: `3 to 5`, `7`, or `none`. */
  readonly logs: string;
  readonly more: string;
}

interface ShownPage {
  readonly row: PageRow;
  readonly page: LogPage;
}

/** Reads the search as an auditor does who wants to be sure that the list is whole. */
export class SearchPages {
  readonly #logs: LogService;
  readonly #scope: ScenarioScope;
  readonly #finder: LogFinder;
  #turned: readonly FoundLog[] = [];
  #shown: readonly ShownPage[] = [];

  constructor(logs: LogService, scope: ScenarioScope, finder: LogFinder) {
    this.#logs = logs;
    this.#scope = scope;
    this.#finder = finder;
  }

  /** The whole list is every log of the scenario, in the order of instants, then ids. */
  async expectOrder(): Promise<void> {
    this.#expectWholeList(await this.#logs.all(), await this.#inOrder());
  }

  /** Asks for each page; each has to hold exactly its logs, the total and whether there are more. */
  async expectPages(rows: readonly PageRow[]): Promise<void> {
    const shown: ShownPage[] = [];
    for (const row of rows) shown.push({ row, page: await this.#logs.page(questionOf(row)) });
    this.#expectRight(shown, await this.#inOrder());
  }

  /** That many auditors search at once: pages of one to three logs, each beginning elsewhere. */
  async askAtOnce(auditors: number): Promise<void> {
    const total = this.#scope.logs.length;
    const rows = Array.from({ length: auditors }, (_, number) =>
      rowOf({ limit: 1 + (number % 3), offset: Math.floor(number / 3) % total, total }),
    );
    this.#shown = await Promise.all(
      rows.map(async (row) => ({ row, page: await this.#logs.page(questionOf(row)) })),
    );
  }

  /** Each page that was asked for at once holds exactly its logs. */
  async expectOwnPages(): Promise<void> {
    this.#expectRight(this.#shown, await this.#inOrder());
  }

  async #inOrder(): Promise<readonly LocatedLog[]> {
    return inSearchOrder(await this.#finder.locateAll(this.#scope.logs));
  }

  #expectRight(shown: readonly ShownPage[], expected: readonly LocatedLog[]): void {
    const wrong = shown.flatMap(({ row, page }) => {
      const seen = inWords(page, expected);
      const wanted = `${row.logs === 'none' ? 'none' : named(row.logs, expected)}; ${expected.length} in all, ${row.more === 'yes' ? 'more' : 'no more'}`;
      return seen === wanted ? [] : [`${asked(row)} has to show ${wanted}, but shows ${seen}`];
    });
    if (wrong.length === 0) return;
    expect.fail(`wrong are ${wrong.length} of ${count(shown.length, 'page')}:\n${wrong.join('\n')}`);
  }

  /** Turns page after page to the end; `between` happens before each turn. */
  async turnPages(limit: number, between: (turn: number) => Promise<void>): Promise<void> {
    const turned: FoundLog[] = [];
    for (let turn = 1; ; turn += 1) {
      const page = await this.#logs.page({ limit, offset: turned.length });
      expect(page.totalCount, `the total that page ${turn} tells`).to.equal(this.#scope.logs.length);
      turned.push(...page.logs);
      if (!page.hasMore || page.logs.length === 0) break;
      await between(turn);
    }
    this.#turned = turned;
  }

  /** An unusual question is refused, or understood: then so many of so many logs are found. */
  expectRefusedOrFound(answer: VaultAnswer, found: number, total: number, quoted: string): void {
    if (answer.status === 400) return;
    const { logs, totalCount } = this.#logs.pageOf(answer);
    expect({ found: logs.length, total: totalCount }, quoted).to.deep.equal({ found, total });
  }

  /** Asserts that the pages hold every log of the scenario once, in order. */
  async expectNothingRepeatedNorSkipped(): Promise<void> {
    this.#expectWholeList(this.#turned, await this.#inOrder());
  }

  /** Asks the same questions over and over, several at once. */
  async expectSameAnswers(limit: number, times: number): Promise<void> {
    for (let offset = 0; offset < this.#scope.logs.length; offset += limit) {
      const pages = await Promise.all(
        Array.from({ length: times }, () => this.#logs.page({ limit, offset })),
      );
      const answers = new Set(pages.map((page) => JSON.stringify(page)));
      expect(
        [...answers],
        `different answers to limit ${limit}, offset ${offset}, asked ${times} times`,
      ).to.have.length(1);
    }
  }

  #expectWholeList(found: readonly FoundLog[], expected: readonly LocatedLog[]): void {
    const lines = (logs: readonly { readonly id: string; readonly timestamp: string }[]): string[] =>
      logs.map(({ id, timestamp }) => `${id} ${timestamp}`);
    expect(
      found.map(({ id }) => id),
      `search shows, in this order:\n${lines(found).join('\n')}\nwhere it has to show:\n${lines(expected.map(({ logId: id, timestamp }) => ({ id, timestamp }))).join('\n')}\n`,
    ).to.deep.equal(expected.map(({ logId }) => logId));
  }
}

/** Returns what a page of a list of so many logs has to hold; it begins within the list. */
function rowOf({
  limit,
  offset,
  total,
}: {
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}): PageRow {
  const last = Math.min(offset + limit, total);
  const logs = `${offset + 1} to ${last}`;
  return { limit: String(limit), offset: String(offset), logs, more: last < total ? 'yes' : 'no' };
}

function questionOf({ limit, offset }: PageRow): { readonly limit?: number; readonly offset?: number } {
  return {
    ...(limit === '' ? {} : { limit: Number(limit) }),
    ...(offset === '' ? {} : { offset: Number(offset) }),
  };
}

function asked({ limit, offset }: PageRow): string {
  return `the page of limit ${limit || '(not named)'}, offset ${offset || '(not named)'}`;
}

/** The ids at places such as `3 to 5`, in words. */
function named(places: string, expected: readonly LocatedLog[]): string {
  const [from = 0, to = from] = places.split(' to ').map(Number);
  return shown(
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
    expected.length,
  );
}

function inWords({ logs, totalCount, hasMore }: LogPage, expected: readonly LocatedLog[]): string {
  const places = logs.map(({ id }) => expected.findIndex(({ logId }) => logId === id) + 1);
  const which = places.length === 0 ? 'none' : shown(places, expected.length);
  return `${which}; ${totalCount} in all, ${hasMore ? 'more' : 'no more'}`;
}

/** Places in a row as `3 to 5`, others one by one; 0 is a log that is none of the scenario's. */
function shown(places: readonly number[], total: number): string {
  const [first = 0] = places;
  const inARow = places.every((place, index) => place === first + index && place > 0 && place <= total);
  return inARow && places.length > 1
    ? `${first} to ${first + places.length - 1}`
    : places.map((place) => place || 'a stranger').join(', ');
}
