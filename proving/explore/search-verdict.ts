import type { FoundLog, LogPage } from '../../services/log-service';
import { inSearchOrder } from '../../support/ledger/search-order';
import type { StoredRecord } from '../../support/metadata-store/metadata-probe';

/** A walk through the search, page after page, and what metadata held before and after it. */
export interface SearchWalk {
  /** The limit that each page was asked for with; each began where the one before had ended. */
  readonly limit: number;
  readonly pages: readonly LogPage[];
  readonly before: readonly StoredRecord[];
  readonly after: readonly StoredRecord[];
}

/** Says in words why a search must not be answered so; `undefined` when a vault may answer so (contract, section 1). */
export function wrongSearch(walk: SearchWalk): string | undefined {
  const { pages, before, after } = walk;
  const found = pages.flatMap(({ logs }) => logs);
  const records = new Map(after.map((record) => [record.logId, record]));
  const isQuiet = before.length === after.length;
  // While logs are added, pages may shift; what one page shows is of one moment.
  const isWhole = isQuiet || pages.length === 1;
  return (
    found.map((log) => wrongEntry(log, records.get(log.id))).find((wrong) => wrong !== undefined) ??
    (isWhole ? (repeated(found) ?? missing(found, before) ?? disordered(found, records)) : undefined) ??
    (isQuiet ? wrongPaging(walk, found.length) : undefined)
  );
}

function wrongEntry(
  { id, checksum, timestamp }: FoundLog,
  record: StoredRecord | undefined,
): string | undefined {
  if (record === undefined) return `search shows ${id}, which no metadata describes`;
  if (record.kind === 'malformed') return undefined;
  if (record.checksum !== checksum) {
    return `search shows ${id} with the checksum ${checksum}, its metadata says ${record.checksum}`;
  }
  return Date.parse(record.timestamp) === Date.parse(timestamp)
    ? undefined
    : `search shows ${id} with the timestamp ${timestamp}, its metadata says ${record.timestamp}`;
}

function repeated(found: readonly FoundLog[]): string | undefined {
  const ids = found.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice === undefined ? undefined : `search shows ${twice} more than once`;
}

function missing(found: readonly FoundLog[], before: readonly StoredRecord[]): string | undefined {
  const ids = new Set(found.map(({ id }) => id));
  const hidden = before.find(({ logId }) => !ids.has(logId));
  return hidden === undefined
    ? undefined
    : `search does not show ${hidden.logId}, which metadata describes (it shows ${found.length} of ${before.length} logs)`;
}

/** The order is that of the instants, which only the provider's own timestamps tell in full. */
function disordered(
  found: readonly FoundLog[],
  records: ReadonlyMap<string, StoredRecord>,
): string | undefined {
  const placed = found.map(({ id, timestamp }) => {
    const record = records.get(id);
    return { logId: id, timestamp: record?.kind === 'record' ? record.timestamp : timestamp };
  });
  const sorted = inSearchOrder(placed);
  const at = sorted.findIndex((log, index) => log !== placed[index]);
  const [shown, due] = [placed[at], sorted[at]];
  if (shown === undefined || due === undefined) return undefined;
  return `search shows at place ${at + 1} ${shown.logId} (${shown.timestamp}), where ${due.logId} (${due.timestamp}) has to be`;
}

function wrongPaging({ pages, limit, before }: SearchWalk, found: number): string | undefined {
  const total = before.length;
  for (const [index, { logs, totalCount, hasMore }] of pages.entries()) {
    const end = index * limit + logs.length;
    const page = `page ${index + 1} of a search by ${limit}`;
    if (totalCount !== total)
      return `${page} says that there are ${totalCount} logs in all, there are ${total}`;
    if (hasMore !== end < total)
      return `${page} says that there are ${hasMore ? '' : 'no '}more after ${end} of ${total} logs`;
    if (logs.length !== Math.min(limit, total - index * limit))
      return `${page} has ${logs.length} logs, of ${total} in all`;
  }
  return found === total ? undefined : `search shows ${found} of ${total} logs`;
}
