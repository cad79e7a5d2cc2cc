import type { OfferedLog } from './offered-log';

/** A part of a listing, and how to ask for the next one. */
export interface ListingPage {
  readonly logs: readonly OfferedLog[];
  readonly nextCursor: string | null;
}

/** The cutting of a listing into pages. */
export interface Paging {
  /** Logs named on one page. */
  readonly pageLogs: number;
  /** Pages that name none before each further one. */
  readonly emptyPages: number;
  /** True when it begins and ends with a page that names none. */
  readonly emptyEnds?: boolean;
  /** The cursor that leads from the first page to the next; it must not look like the others. */
  readonly secondCursor?: string | undefined;
}

/**
 * The page of a listing that a cursor leads to: the first without one.
 * @returns undefined for a cursor that no page ever named
 */
export function listingPage(
  logs: readonly OfferedLog[],
  cursor: string | undefined,
  { pageLogs, emptyPages, emptyEnds = false, secondCursor }: Paging,
): ListingPage | undefined {
  const entries = logs.flatMap((log) => Array.from({ length: log.listedTimes ?? 1 }, () => log));
  const first = { position: 0, emptyBefore: emptyEnds ? 1 : 0 };
  const second = { position: pageLogs, emptyBefore: emptyPages };
  const place = cursor === undefined ? first : cursor === secondCursor ? second : placeOf(cursor);
  if (place === undefined) return undefined;
  const { position, emptyBefore } = place;
  if (emptyBefore > 0) return { logs: [], nextCursor: cursorOf({ position, emptyBefore: emptyBefore - 1 }) };
  const next = position + pageLogs;
  const isLast = next >= entries.length && (!emptyEnds || position >= entries.length);
  return {
    logs: entries.slice(position, next),
    nextCursor: isLast
      ? null
      : ((cursor === undefined ? secondCursor : undefined) ??
        cursorOf({ position: next, emptyBefore: emptyPages })),
  };
}

/** The place where a page begins, and how many empty ones are still to come before it. */
interface Place {
  readonly position: number;
  readonly emptyBefore: number;
}

/** Cursors are opaque to a vault; this one holds characters that must be percent-encoded in a query. */
function cursorOf({ position, emptyBefore }: Place): string {
  return `${position}+${emptyBefore}/=&?`;
}

function placeOf(cursor: string): Place | undefined {
  const [, position, emptyBefore] = /^(\d+)\+(\d+)\/=&\?$/.exec(cursor) ?? [];
  return position === undefined
    ? undefined
    : { position: Number(position), emptyBefore: Number(emptyBefore) };
}
