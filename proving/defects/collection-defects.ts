import { BatchingPipeline } from '../../reference-vault/job-orchestration/ingestion-pipeline';
import { GotProviderCalls } from '../../reference-vault/provider-integration/provider-calls';
import { parseInstant } from '../../reference-vault/timestamps';
import { altered } from './altered';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { listing, replacing, requesting } from './part-changes';

/** Bugs in how a vault asks for a range, and in how it reads the listing of it. */
export const collectionDefects: readonly Defect[] = [
  ...breaking('API-20', {
    'listing-ends-at-an-empty-page: takes a page without logs for the last one': listing(
      async (list, ...args) => {
        const page = await list(...args);
        return page.logs.length === 0 ? { ...page, nextCursor: null } : page;
      },
    ),
    'a-hundred-pages-at-most: takes a listing of more than a hundred pages for one without an end': replacing(
      'providerClient',
      (real) => {
        let pages = 0;
        return {
          listPage: async (providerId, range, cursor, signal) => {
            pages = cursor === undefined ? 1 : pages + 1;
            const page = await real.listPage(providerId, range, cursor, signal);
            return pages < 100 ? page : { ...page, nextCursor: null };
          },
        };
      },
    ),
    'compressed-listing-not-unpacked: says that it reads gzip, and unpacks payloads alone': {
      'providerCalls.get': async ({ real }, path, ...rest) => {
        const response = await real.get(path, ...rest);
        const { 'content-encoding': _, ...headers } = response.headers;
        return path.includes('/logs?') ? { ...response, headers } : response;
      },
    },
    'last-page-never-flushed: hands on a page when the next one comes, and so never the last': listing(
      async (list, ...args) => {
        const page = await list(...args);
        return page.nextCursor === null ? { ...page, logs: [] } : page;
      },
    ),
    'full-last-batch-lost: works in batches of 64 and hands on the last of a page only where it is not full':
      listing(async (list, ...args) => {
        const page = await list(...args);
        return page.logs.length % 64 === 0 ? { ...page, logs: page.logs.slice(0, -64) } : page;
      }),
    'cursor-sent-unencoded: puts the cursor into the query as it came': requesting((path) =>
      path.replace(/cursor=([^&]*)/, (_all, cursor: string) => `cursor=${decodeURIComponent(cursor)}`),
    ),
    'log-listed-twice-stored-twice: tells logs apart by their place in the listing': replacing(
      'providerClient',
      (real) => {
        const places = new Map<string, number>();
        return {
          listPage: async (...args) => {
            const page = await real.listPage(...args);
            const logs = page.logs.map((log) => {
              const place = places.get(log.sourceId) ?? 0;
              places.set(log.sourceId, place + 1);
              return place === 0 ? log : { ...log, sourceId: `${log.sourceId}#${place}` };
            });
            return { ...page, logs };
          },
          fetchPayload: async (providerId, sourceId, signal) =>
            await real.fetchPayload(providerId, sourceId.replace(/#\d+$/, ''), signal),
        };
      },
    ),
  }),
  ...breaking('API-24', {
    "path-of-the-address-dropped: resolves paths against the provider's address as links from the root": {
      providerCalls: ({ settings: { providerBaseUrl, callTimeoutMs } }) =>
        new GotProviderCalls(new URL(providerBaseUrl).origin, callTimeoutMs),
    },
    'range-widened-to-days: asks for whole days': ranging(({ start, end }) => ({
      start: `${start.slice(0, 10)}T00:00:00Z`,
      end: `${end.slice(0, 10)}T23:59:59.999Z`,
    })),
    'end-of-range-included: asks up to the end and a millisecond, for the end belongs to the range': ranging(
      ({ start, end }) => ({
        start,
        end: new Date(Date.parse(end) + 1).toISOString(),
      }),
    ),
    'range-begins-a-second-late: asks from the second after the start': ranging(({ start, end }) => ({
      start: new Date(Date.parse(start) + 1000).toISOString(),
      end,
    })),
  }),
  ...breaking('API-23', {
    'late-logs-passed-over: passes over logs dated outside the range, though the provider listed them':
      listing(async (list, providerId, range, ...rest) => {
        const page = await list(providerId, range, ...rest);
        const from = parseInstant(range.start)?.sortKey ?? '';
        const to = parseInstant(range.end)?.sortKey ?? '';
        return {
          ...page,
          logs: page.logs.filter(({ instant: { sortKey } }) => sortKey >= from && sortKey < to),
        };
      }),
    'listing-taken-for-sorted: takes a log older than the one before it for one that it has': replacing(
      'providerClient',
      (real) => {
        let latest = '';
        return {
          listPage: async (providerId, range, cursor, signal) => {
            const page = await real.listPage(providerId, range, cursor, signal);
            if (cursor === undefined) latest = '';
            const logs = page.logs.filter(({ instant: { sortKey } }) => {
              const isNew = sortKey >= latest;
              if (isNew) latest = sortKey;
              return isNew;
            });
            return { ...page, logs };
          },
        };
      },
    ),
  }),
  ...breaking('CON-12', {
    'stored-object-sought-by-its-listing: looks for a known object under the day that the listing gives now':
      soughtByListing(),
  }),
];

function ranging(
  change: (range: { readonly start: string; readonly end: string }) => {
    readonly start: string;
    readonly end: string;
  },
): Change {
  return listing(async (list, providerId, range, ...rest) => await list(providerId, change(range), ...rest));
}

function soughtByListing(): Change {
  return replacing('pipeline', (_real, made) => {
    const days = new Map<string, string>();
    const { providerClient, logArchiver, naming } = made;
    const pipeline = new BatchingPipeline({
      ...made,
      providerClient: altered(providerClient, {
        listPage: async (...args) => {
          const page = await providerClient.listPage(...args);
          for (const { sourceId, instant } of page.logs) days.set(sourceId, instant.dayPath);
          return page;
        },
      }),
      logArchiver: altered(logArchiver, {
        restore: async (record, signal) => {
          const { _id, provider_id, source_id, object } = record;
          const key = naming.objectKey(days.get(source_id) ?? '', provider_id, _id);
          await logArchiver.restore({ ...record, object: { ...object, key } }, signal);
        },
      }),
    });
    return { run: async (...args) => await pipeline.run(...args) };
  });
}
