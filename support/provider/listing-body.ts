import { place } from '../profile/member-path';
import type { ProviderShape } from '../profile/provider-shape';

export type Entry = Readonly<Record<string, unknown>>;
type ListingShape = ProviderShape['listing'];

/** Stands where the list goes, and nowhere else. */
const LIST = '\u0000the list\u0000';

/** An entry of a listing with these members, of which either may be absent. */
export function entryOf(listing: ListingShape, id: unknown, timestamp: unknown): Entry {
  return placed([
    ...(id === undefined ? [] : [[listing.id, id] as const]),
    ...(timestamp === undefined ? [] : [[listing.timestamp, timestamp] as const]),
  ]);
}

/** A page of a listing: the entries as they are, in the place of the list, and the cursor where it has one. */
export function listingBody(
  { logs, next }: ListingShape,
  entries: readonly Buffer[],
  nextCursor: string | null,
): Buffer {
  const parts = entries.flatMap((entry, index) => (index === 0 ? [entry] : [Buffer.from(','), entry]));
  if (logs === undefined) return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]);
  const cursor = 'member' in next ? [[next.member, nextCursor] as const] : [];
  const empty = JSON.stringify(placed([[logs, LIST], ...cursor]));
  const [head = '', tail = ''] = empty.split(JSON.stringify(LIST));
  return Buffer.concat([Buffer.from(`${head}[`), ...parts, Buffer.from(`]${tail}`)]);
}

/** An object that has values at paths such as `paging.next`. */
export function placed(values: readonly (readonly [string, unknown])[]): Entry {
  const whole: Record<string, unknown> = {};
  for (const [path, value] of values) place(whole, path, value);
  return whole;
}
