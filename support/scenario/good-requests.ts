import type { IngestRequest, Priority } from '../../services/ingestion-service';
import { withHostileMember } from './hostile-members';
import { padded } from './ingest-request';

/**
 * A request that a vault has to accept, and the media type that it is declared as, where it is not the usual
 * one.
 */
interface GoodRequest {
  readonly request: IngestRequest;
  readonly mediaType?: string;
}

/** Writes a good request in another way that is as good. */
export type Manner = (good: IngestRequest) => GoodRequest;

/** The manners, by the words of feature files. */
const manners: readonly (readonly [
  RegExp,
  (good: IngestRequest, ...values: readonly string[]) => GoodRequest,
])[] = [
  [
    /^with (high|normal|low) priority$/,
    (good, priority) => ({ request: { ...good, priority: priority as Priority } }),
  ],
  [
    /^from (\S+) to (\S+)$/,
    (good, from = '', to = '') => ({
      request: { ...good, range: { start: instantOf(good, from), end: instantOf(good, to) } },
    }),
  ],
  [/^in a request declared as (.+)$/, (good, mediaType = '') => ({ request: good, mediaType })],
  [/^in a request of (\d+) bytes$/, (good, bytes) => ({ request: padded(good, Number(bytes)) })],
  [/^and adds the member (.+)$/, (good, member = '') => ({ request: withHostileMember(good, member) })],
];

/**
 * @param words `with high priority`, `from 10:00:00Z to 11:00:00Z`, … @throws Error for words it does not
 * know
 */
export function mannerOf(words: string): Manner {
  for (const [pattern, written] of manners) {
    const [match, ...values] = pattern.exec(words) ?? [];
    if (match !== undefined) return (good) => written(good, ...values);
  }
  const known = manners.map(([pattern]) => pattern.source.replaceAll(/[\^$]/g, ''));
  throw new Error(`no request is made "${words}"; there are: ${known.join(', ')}`);
}

/** A time of the day that the request begins with, such as `10:00:00Z`, or a whole timestamp as it is. */
function instantOf({ range }: IngestRequest, words: string): string {
  return words.includes('T') ? words : `${range.start.slice(0, 'YYYY-MM-DD'.length)}T${words}`;
}
