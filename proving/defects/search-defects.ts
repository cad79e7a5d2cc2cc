import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { LogRepository } from '../../reference-vault/persistence/log-repository';
import type { PageRequest, SearchAnswer } from '../../reference-vault/retrieval/search';
import type { Defect } from './defect';
import { replacing } from './part-changes';

type Log = LogDocument;

const REMEMBERED_MS = 10_000;

/** Bugs in the list of logs. */
export const searchDefects: readonly Defect[] = [
  ordering('search-in-order-of-arrival', 'lists logs in the order in which they were stored', () => 0),
  ordering('search-newest-first', 'lists the newest logs first', (one, other) =>
    inText(other.instant + other._id, one.instant + one._id),
  ),
  ordering(
    'search-sorts-timestamps-as-text',
    'sorts by the timestamp as the provider wrote it',
    (one, other) => inText(one.timestamp, other.timestamp) || inText(one._id, other._id),
  ),
  ordering(
    'search-sorts-to-the-millisecond',
    'sorts by a Date, which ends at the millisecond',
    (one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp) || inText(one._id, other._id),
  ),
  ordering('search-sorts-by-32-bits', 'keeps the seconds of a time in 32 bits', (one, other) => {
    const seconds = ({ timestamp }: Log): number => Math.floor(Date.parse(timestamp) / 1000) | 0;
    return seconds(one) - seconds(other) || inText(one.instant, other.instant) || inText(one._id, other._id);
  }),
  ordering('search-without-tie-break', 'sorts by time alone', (one, other) =>
    inText(one.instant, other.instant),
  ),
  {
    ...ordering('search-ties-at-random', 'merges two shards by time alone', (one, other) =>
      one.instant === other.instant ? Math.random() - 0.5 : inText(one.instant, other.instant),
    ),
    requirement: 'API-33',
  },

  answering(
    'has-more-when-the-page-is-full',
    'says that there is more whenever a page is full',
    (answer, { limit }) => ({
      ...answer,
      meta: { ...answer.meta, has_more: answer.data.length === limit },
    }),
  ),
  answering(
    'has-more-unless-at-the-end',
    'says that there is more unless a page ends with the last log',
    (answer, { offset }) => ({
      ...answer,
      meta: { ...answer.meta, has_more: offset + answer.data.length !== answer.meta.total_count },
    }),
  ),
  answering('total-of-what-is-left', 'counts from the offset on', (answer, { offset }) => ({
    ...answer,
    meta: { ...answer.meta, total_count: Math.max(0, answer.meta.total_count - offset) },
  })),
  answering('total-of-the-page', 'counts the logs of the page', (answer) => ({
    ...answer,
    meta: { ...answer.meta, total_count: answer.data.length },
  })),
  paging(
    'offset-counts-pages',
    'takes the offset for the number of a page',
    'API-31',
    ({ limit, offset }) => ({
      limit,
      offset: offset * limit,
    }),
  ),
  paging(
    'pages-in-steps-of-the-limit',
    'rounds the offset down to a whole page',
    'API-31',
    ({ limit, offset }) => ({
      limit,
      offset: offset - (offset % limit),
    }),
  ),
  paging('page-of-100-at-most', 'never shows more than 100 logs a page', 'API-32', ({ limit, offset }) => ({
    limit: Math.min(limit, 100),
    offset,
  })),
  {
    name: 'search-fails-on-nothing',
    sentence: 'takes the first of the groups that MongoDB counted, and there is none in an empty vault',
    requirement: 'API-31',
    replacements: replacing('search', (real) => ({
      page: async (request) => {
        const answer = await real.page(request);
        if (answer.meta.total_count === 0)
          throw new TypeError("Cannot read properties of undefined (reading 'n')");
        return answer;
      },
    })),
  },
  {
    name: 'total-remembered',
    sentence: 'keeps the total in memory for a while, for counting is slow',
    requirement: 'API-33',
    replacements: replacing('search', (real) => {
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
    }),
  },

  reading(
    'default-limit-20',
    'shows 20 logs where no limit is named',
    'API-32',
    ({ limit = '20', offset = '0' }) => ({
      limit: strictly(limit, 1, 1000),
      offset: strictly(offset, 0, Number.MAX_SAFE_INTEGER),
    }),
  ),
  reading(
    'offset-counts-from-1',
    'begins with the second log where no offset is named',
    'API-32',
    ({ limit = '50', offset = '1' }) => ({
      limit: strictly(limit, 1, 1000),
      offset: strictly(offset, 0, Number.MAX_SAFE_INTEGER),
    }),
  ),
  reading(
    'limits-forced-into-bounds',
    'takes a limit out of bounds for the nearest one',
    'API-34',
    ({ limit = '50', offset = '0' }) => ({
      limit: Math.min(1000, Math.max(1, strictly(limit, -Infinity, Infinity))),
      offset: Math.max(0, strictly(offset, -Infinity, Infinity)),
    }),
  ),
  reading(
    'numbers-read-as-far-as-they-go',
    'reads 10px as 10, and 1.5 as 1',
    'API-34',
    ({ limit = '50', offset = '0' }) => ({
      limit: strictly(String(Number.parseInt(limit, 10)), 1, 1000),
      offset: strictly(String(Number.parseInt(offset, 10)), 0, Number.MAX_SAFE_INTEGER),
    }),
  ),
  reading(
    'bad-numbers-defaulted',
    'takes what is no number for the default',
    'API-34',
    ({ limit = '50', offset = '0' }) => ({
      limit: strictly(/^\d+$/.test(limit) ? limit : '50', 1, 1000),
      offset: strictly(/^\d+$/.test(offset) ? offset : '0', 0, Number.MAX_SAFE_INTEGER),
    }),
  ),
  reading(
    'bad-numbers-answered-500',
    'lets a number that it cannot read fail the request',
    'API-34',
    ({ limit = '50', offset = '0' }) => {
      for (const text of [limit, offset]) {
        if (!/^\d{1,15}$/.test(text)) throw new RangeError('no number');
      }
      return { limit: strictly(limit, 1, 1000), offset: strictly(offset, 0, Number.MAX_SAFE_INTEGER) };
    },
  ),
];

function inText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** The list in another order. */
function ordering(name: string, sentence: string, compare: (one: Log, other: Log) => number): Defect {
  return {
    name,
    sentence,
    requirement: 'API-30',
    replacements: replacing(
      'logRepository',
      (_real, { metadataStore }): Partial<LogRepository> => ({
        page: async ({ limit, offset }) => {
          const all = await metadataStore.run(({ logs }) => logs.find({}).toArray());
          return { logs: all.sort(compare).slice(offset, offset + limit), total: all.length };
        },
      }),
    ),
  };
}

/** Another answer to the same question. */
function answering(
  name: string,
  sentence: string,
  change: (answer: SearchAnswer, request: PageRequest) => SearchAnswer,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-31',
    replacements: replacing('search', (real) => ({
      page: async (request) => change(await real.page(request), request),
    })),
  };
}

/** Another page than was asked for. */
function paging(
  name: string,
  sentence: string,
  requirement: string,
  change: (request: PageRequest) => PageRequest,
): Defect {
  return {
    name,
    sentence,
    requirement,
    replacements: replacing('search', (real) => ({
      page: async (request) => {
        const { data, meta } = await real.page(change(request));
        return { data, meta: { ...meta, has_more: request.offset + data.length < meta.total_count } };
      },
    })),
  };
}

/** Another reading of the question. */
function reading(
  name: string,
  sentence: string,
  requirement: string,
  read: (query: { readonly limit?: string; readonly offset?: string }) => PageRequest,
): Defect {
  return {
    name,
    sentence,
    requirement,
    replacements: replacing('requestValidation', () => ({
      page: (query) => read(query as { readonly limit?: string; readonly offset?: string }),
    })),
  };
}

/** As the contract says (section 1). */
function strictly(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < least || value > most)
    throw new BadRequest('The query is not understood.');
  return value;
}
