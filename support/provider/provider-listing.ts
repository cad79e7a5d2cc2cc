import type { OfferedLog } from './offered-log';

/** A part of a listing, and how to ask for the next one. */
export interface ListingPage {
  readonly logs: readonly OfferedLog[];
  readonly nextCursor: string | null;
}

/** The order in which a listing names its logs; a log offered later never hides one offered before. */
export type ListingOrder = 'as offered' | 'last offered first' | 'by id';

/** The cutting of a listing into pages. */
export interface Paging {
  /** Logs named on one page. */
  readonly pageLogs: number;
  /** Pages that name none before each further one. */
  readonly emptyPages: number;
  /** True when it begins and ends with a page that names none. */
  readonly emptyEnds?: boolean;
  /** `as offered` when absent. */
  readonly listingOrder?: ListingOrder;
}

const ORDERS: Readonly<Record<ListingOrder, (logs: readonly OfferedLog[]) => readonly OfferedLog[]>> = {
  'as offered': (logs) => logs,
  'last offered first': (logs) => [...logs].reverse(),
  'by id': (logs) => [...logs].sort((one, other) => (one.sourceId < other.sourceId ? -1 : 1)),
};

/**
 * The page of a listing that a cursor leads to: the first without one.
 * @param cursors those that the same listing named before
 * @returns undefined for a cursor that no page ever named
 */
export function listingPage(
  logs: readonly OfferedLog[],
  cursor: string | undefined,
  { pageLogs, emptyPages, emptyEnds = false, listingOrder = 'as offered' }: Paging,
  cursors: Cursors = new Cursors(),
): ListingPage | undefined {
  const entries = ORDERS[listingOrder](logs).flatMap(entriesOf);
  const place =
    cursor === undefined ? { position: 0, emptyBefore: emptyEnds ? 1 : 0 } : cursors.placeOf(cursor);
  if (place === undefined) return undefined;
  const { position, emptyBefore } = place;
  if (emptyBefore > 0) {
    return { logs: [], nextCursor: cursors.to({ position, emptyBefore: emptyBefore - 1 }) };
  }
  const next = position + pageLogs;
  const isLast = next >= entries.length && (!emptyEnds || position >= entries.length);
  return {
    logs: entries.slice(position, next),
    nextCursor: isLast ? null : cursors.to({ position: next, emptyBefore: emptyPages }),
  };
}

/** A log as often as it is listed, at its other times too. */
function entriesOf(log: OfferedLog): readonly OfferedLog[] {
  const { listedTimes = 1, alsoDated = [] } = log;
  return [
    ...Array.from({ length: listedTimes }, () => log),
    ...alsoDated.map((timestamp) => ({ ...log, timestamp })),
  ];
}

/** The place where a page begins, and how many empty ones are still to come before it. */
interface Place {
  readonly position: number;
  readonly emptyBefore: number;
}

/** The cursors of one listing. They are opaque to a vault; each place keeps the one by which it was named first. */
export class Cursors {
  readonly #texts: readonly string[];
  readonly #named = new Map<string, string>();
  readonly #places = new Map<string, Place>();

  /** @param texts of the first places that are named, no two alike */
  constructor(texts: readonly string[] = []) {
    this.#texts = texts;
  }

  /** The cursor that leads to a place. */
  to(place: Place): string {
    // Usually one that holds characters that must be percent-encoded in a query.
    const usual = `${place.position}+${place.emptyBefore}/=&?`;
    const cursor = this.#named.get(usual) ?? this.#texts[this.#named.size] ?? usual;
    this.#named.set(usual, cursor);
    this.#places.set(cursor, place);
    return cursor;
  }

  /** The place that a cursor leads to; `undefined` for one that never was named. */
  placeOf(cursor: string): Place | undefined {
    return this.#places.get(cursor);
  }
}
