import type { OfferedLog } from './offered-log';

/** A part of a listing, and how to ask for the next one. */
export interface ListingPage {
  readonly logs: readonly OfferedLog[];
  readonly nextCursor: string | null;
}

/** How a listing is cut into pages. */
export interface Paging {
  /** Logs named on one page. */
  readonly pageLogs: number;
  /** Whether a page that names none lies before each further one. */
  readonly emptyPages: boolean;
}

/**
 * The page of a listing that a cursor leads to: the first without one.
 * @returns undefined for a cursor that no page ever named
 */
export function listingPage(
  logs: readonly OfferedLog[],
  cursor: string | undefined,
  { pageLogs, emptyPages }: Paging,
): ListingPage | undefined {
  const entries = logs.flatMap((log) => Array.from({ length: log.listedTimes ?? 1 }, () => log));
  const place = cursor === undefined ? { words: 'after', position: 0 } : placeOf(cursor);
  if (place === undefined) return undefined;
  if (place.words === 'before') return { logs: [], nextCursor: cursorOf('after', place.position) };
  const next = place.position + pageLogs;
  return {
    logs: entries.slice(place.position, next),
    nextCursor: next < entries.length ? cursorOf(emptyPages ? 'before' : 'after', next) : null,
  };
}

/** Cursors are opaque to a vault; this one holds characters that must be percent-encoded in a query. */
function cursorOf(words: 'before' | 'after', position: number): string {
  return `${words}+${position}/=&?`;
}

function placeOf(cursor: string): { readonly words: string; readonly position: number } | undefined {
  const [, words, position] = /^(before|after)\+(\d+)\/=&\?$/.exec(cursor) ?? [];
  return words === undefined ? undefined : { words, position: Number(position) };
}
