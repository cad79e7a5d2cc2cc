import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { OfferedLog } from './offered-log';
import { Cursors, listingPage, type Paging } from './provider-listing';

const logs = ['a', 'b', 'c'].map(
  (sourceId): OfferedLog => ({
    providerId: 'p',
    sourceId,
    timestamp: '2026-01-01T00:00:00Z',
    payload: Buffer.alloc(0),
  }),
);

/** The ids on each page, to the last one. */
function pages(offered: readonly OfferedLog[], paging: Paging, texts: readonly string[] = []): string[] {
  const cursors = new Cursors(texts);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = listingPage(offered, cursor, paging, cursors);
    found.push((page?.logs ?? []).map(({ sourceId }) => sourceId).join(' '));
    cursor = page?.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

describe('a listing', () => {
  it('is cut into pages, the last one as long as is left', () => {
    expect(pages(logs, { pageLogs: 2, emptyPages: 0 })).to.deep.equal(['a b', 'c']);
    expect(pages(logs, { pageLogs: 3, emptyPages: 0 })).to.deep.equal(['a b c']);
    expect(pages([], { pageLogs: 3, emptyPages: 0 })).to.deep.equal(['']);
  });

  it('may have a page without logs before each further one', () => {
    expect(pages(logs, { pageLogs: 1, emptyPages: 1 })).to.deep.equal(['a', '', 'b', '', 'c']);
    expect(pages(logs, { pageLogs: 2, emptyPages: 2 })).to.deep.equal(['a b', '', '', 'c']);
  });

  it('may begin and end with a page without logs', () => {
    const paging = { pageLogs: 2, emptyPages: 0, emptyEnds: true };
    expect(pages(logs, paging)).to.deep.equal(['', 'a b', 'c', '']);
  });

  it('may lead from its first page to the next by a certain cursor', () => {
    const paging = { pageLogs: 1, emptyPages: 0 };
    expect(listingPage(logs, undefined, paging, new Cursors(['0']))?.nextCursor).to.equal('0');
    expect(pages(logs, paging, ['0'])).to.deep.equal(['a', 'b', 'c']);
    expect(pages(logs, paging, ['', 'null'])).to.deep.equal(['a', 'b', 'c']);
  });

  it('may be in another order, and name a log at other times too', () => {
    const paging = { pageLogs: 2, emptyPages: 0 };
    expect(pages(logs, { ...paging, listingOrder: 'last offered first' })).to.deep.equal(['c b', 'a']);
    const again = logs.map((log) => ({ ...log, alsoDated: ['2026-02-01T00:00:00Z'] }));
    expect(pages(again, paging)).to.deep.equal(['a a', 'b b', 'c c']);
  });

  it('names a log as often as it is to be listed, across pages too', () => {
    const twice = logs.map((log, index) => (index === 0 ? { ...log, listedTimes: 2 } : log));
    expect(pages(twice, { pageLogs: 1, emptyPages: 0 })).to.deep.equal(['a', 'a', 'b', 'c']);
  });

  it('knows the cursors it named, and no others', () => {
    expect(listingPage(logs, 'made up', { pageLogs: 1, emptyPages: 0 })).to.equal(undefined);
  });
});
