import type { OfferedLog } from './offered-log';

/** A part of a listing, and how to ask for the next one. */
export interface ListingPage {
  readonly logs: readonly OfferedLog[];
  readonly nextCursor: string | null;
}

/**
 * The page of a listing that a cursor leads to: the first without one.
 * @returns undefined for a cursor that no page ever named
 */
export function listingPage(
  logs: readonly OfferedLog[],
  cursor: string | undefined,
  pageLogs: number,
): ListingPage | undefined {
  const entries = logs.flatMap((log) => Array.from({ length: log.listedTimes ?? 1 }, () => log));
  const from = cursor === undefined ? 0 : positionOf(cursor);
  if (from === undefined) return undefined;
  const next = from + pageLogs;
  return { logs: entries.slice(from, next), nextCursor: next < entries.length ? cursorAt(next) : null };
}

/** Cursors are opaque to a vault; this one holds characters that must be percent-encoded in a query. */
function cursorAt(position: number): string {
  return `after+${position}/=&?`;
}

function positionOf(cursor: string): number | undefined {
  const match = /^after\+(\d+)\/=&\?$/.exec(cursor);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
