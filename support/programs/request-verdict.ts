import type { LogPage } from '../../services/log-service';
import type { VaultAnswer } from '../../services/vault-client';
import { safeText } from '../bytes/safe-text';
import { inSearchOrder } from '../ledger/search-order';
import type { StoredRecord } from '../profile/metadata-shape';

const QUOTED_CHARACTERS = 200;

/** Says in words why a part of a log must not be answered so; `undefined` when it is that part of what is stored. */
export function wrongPart({ headers, body }: VaultAnswer, stored: readonly Buffer[]): string | undefined {
  const told = headers['content-range'] ?? '(missing)';
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(told) ?? [];
  const isPart = stored.some(
    (whole) =>
      Number(total) === whole.byteLength &&
      Number(to) < whole.byteLength &&
      whole.subarray(Number(from), Number(to) + 1).equals(body),
  );
  return isPart
    ? undefined
    : `it is answered with 206, Content-Range ${safeText(told)} and ${body.byteLength} bytes, which are not that part of its object`;
}

/** Says in words why a call that the contract does not name must not be answered so (contract, section 1). */
export function wrongRefusal({ status, body }: VaultAnswer): string | undefined {
  if (status >= 400 && status < 500) return undefined;
  return `it is answered with ${status} ${safeText(body.toString(), { limit: QUOTED_CHARACTERS })}, though the contract knows no such call`;
}

/** Says in words why a request that is wrong must not be answered so. @param statuses with which it may be refused */
export function wrongStatus({ status, body }: VaultAnswer, statuses: readonly number[]): string | undefined {
  if (statuses.includes(status)) return undefined;
  return `it is answered with ${status} ${safeText(body.toString(), { limit: QUOTED_CHARACTERS })}, not with ${statuses.join(' or ')}`;
}

/** Says in words why a page from anywhere in the list is wrong; `undefined` while logs are added, for nobody can say then. */
export function wrongPageAt({
  page,
  limit,
  offset,
  before,
  after,
}: {
  readonly page: LogPage;
  readonly limit: number;
  readonly offset: number;
  readonly before: readonly StoredRecord[];
  readonly after: readonly StoredRecord[];
}): string | undefined {
  const records = after.filter((record) => record.kind === 'record');
  if (before.length !== after.length || records.length !== after.length) return undefined;
  const total = records.length;
  const due = inSearchOrder(records)
    .slice(offset, offset + limit)
    .map(({ logId }) => logId);
  const shown = page.logs.map(({ id }) => id);
  const at = shown.findIndex((id, index) => id !== due[index]);
  if (shown.length !== due.length) return `it shows ${shown.length} logs, not ${due.length} of ${total}`;
  if (at >= 0) return `it shows ${shown[at]} at place ${offset + at + 1}, where ${due[at]} has to be`;
  if (page.totalCount !== total)
    return `it says that there are ${page.totalCount} logs in all, there are ${total}`;
  const hasMore = offset + due.length < total;
  return page.hasMore === hasMore ? undefined : `it says that there are ${page.hasMore ? '' : 'no '}more`;
}
