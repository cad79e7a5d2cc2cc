import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { PageRequest, SearchAnswer } from '../../reference-vault/retrieval/search';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { replacing } from './part-changes';

type Log = LogDocument;

const REMEMBERED_MS = 10_000;

/** Bugs in the list of logs. */
export const searchDefects: readonly Defect[] = [
  ...breaking('API-30', {
    'search-in-order-of-arrival: lists logs in the order in which they were stored': ordering(() => 0),
    'search-newest-first: lists the newest logs first': ordering((one, other) =>
      inText(other.instant + other._id, one.instant + one._id),
    ),
    'search-sorts-timestamps-as-text: sorts by the timestamp as the provider wrote it': ordering(
      (one, other) => inText(one.timestamp, other.timestamp) || inText(one._id, other._id),
    ),
    'search-sorts-to-the-millisecond: sorts by a Date, which ends at the millisecond': ordering(
      (one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp) || inText(one._id, other._id),
    ),
    'search-sorts-by-32-bits: keeps the seconds of a time in 32 bits': ordering((one, other) => {
      const seconds = ({ timestamp }: Log): number => Math.floor(Date.parse(timestamp) / 1000) | 0;
      return (
        seconds(one) - seconds(other) || inText(one.instant, other.instant) || inText(one._id, other._id)
      );
    }),
    'search-without-tie-break: sorts by time alone': ordering((one, other) =>
      inText(one.instant, other.instant),
    ),
  }),
  ...breaking('API-33', {
    'search-ties-at-random: merges two shards by time alone': ordering((one, other) =>
      one.instant === other.instant ? Math.random() - 0.5 : inText(one.instant, other.instant),
    ),
    'total-remembered: keeps the total in memory for a while, for counting is slow': replacing(
      'search',
      (real) => {
        let known: { readonly total: number; readonly atMs: number } | undefined;
        return {
          page: async (request) => {
            const answer = await real.page(request);
            const nowMs = performance.now();
            if (known === undefined || nowMs - known.atMs > REMEMBERED_MS)
              known = { total: answer.meta.total_count, atMs: nowMs };
            const { total } = known;
            return {
              ...answer,
              meta: { total_count: total, has_more: request.offset + answer.data.length < total },
            };
          },
        };
      },
    ),
  }),
  ...breaking('API-31', {
    'has-more-when-the-page-is-full: says that there is more whenever a page is full': answering(
      (answer, { limit }) => ({
        ...answer,
        meta: { ...answer.meta, has_more: answer.data.length === limit },
      }),
    ),
    'has-more-unless-at-the-end: says that there is more unless a page ends with the last log': answering(
      (answer, { offset }) => ({
        ...answer,
        meta: { ...answer.meta, has_more: offset + answer.data.length !== answer.meta.total_count },
      }),
    ),
    'total-of-what-is-left: counts from the offset on': answering((answer, { offset }) => ({
      ...answer,
      meta: { ...answer.meta, total_count: Math.max(0, answer.meta.total_count - offset) },
    })),
    'total-of-the-page: counts the logs of the page': answering((answer) => ({
      ...answer,
      meta: { ...answer.meta, total_count: answer.data.length },
    })),
    'offset-counts-pages: takes the offset for the number of a page': paging(({ limit, offset }) => ({
      limit,
      offset: offset * limit,
    })),
    'pages-in-steps-of-the-limit: rounds the offset down to a whole page': paging(({ limit, offset }) => ({
      limit,
      offset: offset - (offset % limit),
    })),
    'search-fails-on-nothing: takes the first group that MongoDB counted, and an empty vault has none': {
      'search.page': async ({ real }, request) => {
        const answer = await real.page(request);
        if (answer.meta.total_count === 0)
          throw new TypeError("Cannot read properties of undefined (reading 'n')");
        return answer;
      },
    },
  }),
  ...breaking('API-32', {
    'page-of-100-at-most: never shows more than 100 logs a page': paging(({ limit, offset }) => ({
      limit: Math.min(limit, 100),
      offset,
    })),
    'default-limit-20: shows 20 logs where no limit is named': reading(({ limit = '20', offset = '0' }) => ({
      limit: strictly(limit, 1, 1000),
      offset: strictly(offset, 0, Number.MAX_SAFE_INTEGER),
    })),
    'offset-counts-from-1: begins with the second log where no offset is named': reading(
      ({ limit = '50', offset = '1' }) => ({
        limit: strictly(limit, 1, 1000),
        offset: strictly(offset, 0, Number.MAX_SAFE_INTEGER),
      }),
    ),
  }),
  ...breaking('API-34', {
    'limits-forced-into-bounds: takes a limit out of bounds for the nearest one': reading(
      ({ limit = '50', offset = '0' }) => ({
        limit: Math.min(1000, Math.max(1, strictly(limit, -Infinity, Infinity))),
        offset: Math.max(0, strictly(offset, -Infinity, Infinity)),
      }),
    ),
    'numbers-read-as-far-as-they-go: reads 10px as 10, and 1.5 as 1': reading(
      ({ limit = '50', offset = '0' }) => ({
        limit: strictly(String(Number.parseInt(limit, 10)), 1, 1000),
        offset: strictly(String(Number.parseInt(offset, 10)), 0, Number.MAX_SAFE_INTEGER),
      }),
    ),
    'bad-numbers-defaulted: takes what is no number for the default': reading(
      ({ limit = '50', offset = '0' }) => ({
        limit: strictly(/^\d+$/.test(limit) ? limit : '50', 1, 1000),
        offset: strictly(/^\d+$/.test(offset) ? offset : '0', 0, Number.MAX_SAFE_INTEGER),
      }),
    ),
    'bad-numbers-answered-500: lets a number that it cannot read fail the request': reading(
      ({ limit = '50', offset = '0' }) => {
        for (const text of [limit, offset]) {
          if (!/^\d{1,15}$/.test(text)) throw new RangeError('no number');
        }
        return { limit: strictly(limit, 1, 1000), offset: strictly(offset, 0, Number.MAX_SAFE_INTEGER) };
      },
    ),
  }),
];

function inText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The list in another order. */
function ordering(compare: (one: Log, other: Log) => number): Change {
  return {
    'logRepository.page': async ({ metadataStore }, { limit, offset }) => {
      const all = await metadataStore.run(({ logs }) => logs.find({}).toArray());
      return { logs: all.sort(compare).slice(offset, offset + limit), total: all.length };
    },
  };
}

/** Another answer to the same question. */
function answering(change: (answer: SearchAnswer, request: PageRequest) => SearchAnswer): Change {
  return { 'search.page': async ({ real }, request) => change(await real.page(request), request) };
}

/** Another page than was asked for. */
function paging(change: (request: PageRequest) => PageRequest): Change {
  return {
    'search.page': async ({ real }, request) => {
      const { data, meta } = await real.page(change(request));
      return { data, meta: { ...meta, has_more: request.offset + data.length < meta.total_count } };
    },
  };
}

/** Another reading of the question. */
function reading(
  read: (query: { readonly limit?: string; readonly offset?: string }) => PageRequest,
): Change {
  return {
    'requestValidation.page': (_given, query) =>
      read(query as { readonly limit?: string; readonly offset?: string }),
  };
}

/** As the contract says (section 1). */
function strictly(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < least || value > most)
    throw new BadRequest('The query is not understood.');
  return value;
}
