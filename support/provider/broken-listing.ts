import { NotOfThisShape } from '../profile/not-of-this-shape';
import { CONTRACT_PROVIDER, type ProviderShape } from '../profile/provider-shape';
import { type Entry, entryOf, listingBody, placed } from './listing-body';

/** The ways in which a text in place of a listing is none, by the words of feature files. */
export type BrokenListing =
  | 'JSON cut off'
  | 'a list alone'
  | 'no logs member'
  | 'logs that are null'
  | 'logs that are not a list'
  | 'an entry without an id'
  | 'an id that is a number'
  | 'an entry without a timestamp'
  | 'a timestamp that is not one'
  | 'an id of two dots'
  | 'a cursor that is a number'
  | 'no cursor member';

const WHEN = '2026-01-01T12:00:00Z';

/** A text that is no listing of a provider of this shape. @throws NotOfThisShape where it would be one */
export function brokenListing({ payload, listing }: ProviderShape, how: BrokenListing): string {
  const { logs, next } = listing;
  const isBare = logs === undefined;
  const right = entryOf(listing, 'evt-1', WHEN);
  const impossible = (why: string): never => {
    throw new NotOfThisShape(`the scenario is about ${how} in place of a listing, and ${why}`);
  };
  const listed = (entry: Entry): string =>
    listingBody(listing, [Buffer.from(JSON.stringify(entry))], null).toString();
  const cursor = 'member' in next ? [[next.member, null] as const] : [];
  const withLogs = (value: unknown): string => JSON.stringify(placed([[logs ?? '', value], ...cursor]));
  switch (how) {
    case 'JSON cut off':
      return listed(right).slice(0, -Math.ceil(JSON.stringify(right).length / 2));
    case 'a list alone':
      return isBare ? impossible('a listing of this provider is one') : JSON.stringify([right]);
    case 'no logs member':
      return isBare
        ? impossible('a listing of this provider has no such member')
        : JSON.stringify(placed(cursor));
    case 'logs that are null':
      return isBare ? 'null' : withLogs(null);
    case 'logs that are not a list':
      return isBare ? JSON.stringify(right) : withLogs(right);
    case 'an entry without an id':
      return listed(entryOf(listing, undefined, WHEN));
    case 'an id that is a number':
      return listed(entryOf(listing, 1, WHEN));
    case 'an entry without a timestamp':
      return listed(entryOf(listing, 'evt-1', undefined));
    case 'a timestamp that is not one':
      return listed(entryOf(listing, 'evt-1', 'yesterday'));
    case 'an id of two dots':
      return payload === undefined
        ? impossible('nobody asks this provider for a log by its id')
        : listed(entryOf(listing, '..', WHEN));
    case 'no cursor member':
      return listing.next === CONTRACT_PROVIDER.listing.next
        ? JSON.stringify(placed([[logs ?? '', []]]))
        : impossible('a provider of its own may end its listing so');
    case 'a cursor that is a number':
      return 'link' in next
        ? impossible('a link leads to the next page')
        : JSON.stringify(
            placed([
              [logs ?? '', []],
              [next.member, 2],
            ]),
          );
  }
}
