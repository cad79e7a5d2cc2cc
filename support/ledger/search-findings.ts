import type { FoundLog, LogPage } from '../../services/log-service';
import { millisecondOf } from '../bytes/instant';
import type { StoredRecord } from '../profile/metadata-shape';
import type { Finding } from './finding';
import { type LogFinding, withSubject } from './ledger';
import { PROMISES } from './promises';
import { inSearchOrder } from './search-order';

/** A walk through the search, page after page, and what metadata held before and after it. */
export interface SearchWalk {
  /** The limit that each page was asked for with; each began where the one before had ended. */
  readonly limit: number;
  readonly pages: readonly LogPage[];
  readonly before: readonly StoredRecord[];
  readonly after: readonly StoredRecord[];
}

type Records = ReadonlyMap<string, StoredRecord>;

/**
 * Says what is wrong with a list that search shows, log by log, beside all the metadata there is (contract,
 * section 1).
 */
export function searchFindings(
  found: readonly FoundLog[],
  records: readonly StoredRecord[],
): readonly LogFinding[] {
  return [...entryFindings(found, byId(records)), ...repeated(found), ...hidden(found, records)];
}

/**
 * Says what is wrong with a walk through the search; nothing where a vault may answer so (contract, section
 * 1).
 */
export function walkFindings(walk: SearchWalk): readonly Finding[] {
  const { pages, before, after } = walk;
  const found = pages.flatMap(({ logs }) => logs);
  const records = byId(after);
  const isQuiet = before.length === after.length;
  // While logs are added, pages may shift; what one page shows is of one moment.
  const isWhole = isQuiet || pages.length === 1;
  return [
    ...entryFindings(found, records).map(withSubject),
    ...(isWhole ? [...repeated(found), ...hidden(found, before)].map(withSubject) : []),
    ...(isWhole ? misplaced(found, records) : []),
    ...(isQuiet ? wrongPages(walk, found.length) : []),
  ];
}

/** What search shows of each log is what its metadata says. */
function entryFindings(found: readonly FoundLog[], records: Records): LogFinding[] {
  return found.flatMap(({ id: subject, checksum, timestamp }): LogFinding[] => {
    const record = records.get(subject);
    if (record === undefined) {
      const words = 'search shows it, metadata does not have it';
      return [{ damage: 'invented', subject, words, requirement: PROMISES.searchShowsAll }];
    }
    if (record.kind === 'malformed') return [];
    if (record.checksum !== checksum) {
      const words = `search shows the checksum ${checksum}, its metadata says ${record.checksum}`;
      return [{ damage: 'altered', subject, words, requirement: PROMISES.recordedChecksum }];
    }
    if (millisecondOf(record.timestamp) === millisecondOf(timestamp)) return [];
    const words = `search shows the timestamp ${timestamp}, its metadata says ${record.timestamp}`;
    return [{ damage: 'altered', subject, words, requirement: PROMISES.filedAndDescribed }];
  });
}

function repeated(found: readonly FoundLog[]): LogFinding[] {
  const seen = new Set<string>();
  return found.flatMap(({ id: subject }): LogFinding[] => {
    if (!seen.has(subject)) {
      seen.add(subject);
      return [];
    }
    const words = 'search shows it more than once';
    return [{ damage: 'duplicated', subject, words, requirement: PROMISES.searchShowsAll }];
  });
}

function hidden(found: readonly FoundLog[], records: readonly StoredRecord[]): LogFinding[] {
  const seen = new Set(found.map(({ id }) => id));
  const words = 'its metadata is there, but search does not show it';
  return records
    .filter(({ logId }) => !seen.has(logId))
    .map(({ logId: subject }) => ({
      damage: 'lost',
      subject,
      words,
      requirement: PROMISES.searchShowsAll,
    }));
}

/** The order is that of the instants, which only the provider's own timestamps tell in full. */
function misplaced(found: readonly FoundLog[], records: Records): Finding[] {
  const placed = found.map(({ id, timestamp }) => {
    const record = records.get(id);
    if (record?.kind !== 'record') return { logId: id, timestamp };
    const { idNumber } = record;
    return { logId: id, timestamp: record.timestamp, ...(idNumber === undefined ? {} : { idNumber }) };
  });
  const sorted = inSearchOrder(placed);
  const at = sorted.findIndex((log, index) => log !== placed[index]);
  const [shown, due] = [placed[at], sorted[at]];
  if (shown === undefined || due === undefined) return [];
  const words = `search shows at place ${at + 1} ${shown.logId} (${shown.timestamp}), where ${due.logId} (${due.timestamp}) has to be`;
  return [{ words, requirement: PROMISES.searchOrder }];
}

/** The first page that is wrong; those after it would only repeat it. */
function wrongPages({ pages, limit, before }: SearchWalk, found: number): Finding[] {
  const total = before.length;
  const requirement = PROMISES.searchShowsAll;
  for (const [index, { logs, totalCount, hasMore }] of pages.entries()) {
    const end = index * limit + logs.length;
    const page = `page ${index + 1} of a search by ${limit}`;
    if (totalCount !== total)
      return [
        { words: `${page} says that there are ${totalCount} logs in all, there are ${total}`, requirement },
      ];
    if (hasMore !== end < total)
      return [
        {
          words: `${page} says that there are ${hasMore ? '' : 'no '}more after ${end} of ${total} logs`,
          requirement,
        },
      ];
    if (logs.length !== Math.min(limit, total - index * limit))
      return [{ words: `${page} has ${logs.length} logs, of ${total} in all`, requirement }];
  }
  return found === total ? [] : [{ words: `search shows ${found} of ${total} logs`, requirement }];
}

function byId(records: readonly StoredRecord[]): Records {
  return new Map(records.map((record) => [record.logId, record]));
}
