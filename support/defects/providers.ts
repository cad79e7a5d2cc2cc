import type { PartFactories } from '../../reference-vault/parts';
import type { ListedLog, ProviderClient } from '../../reference-vault/provider-integration/provider-client';
import { parseInstant } from '../../reference-vault/timestamps';
import type { Defect } from './defect';
import { archiving, replacing } from './part-defects';

type ListPage = ProviderClient['listPage'];

/** Bugs in how a vault reads listings, asks for logs and names what it stores. */
export const providerDefects: readonly Defect[] = [
  {
    name: 'listing-ends-at-an-empty-page',
    sentence: 'takes a page without logs for the last one',
    requirement: 'API-20',
    smoke: true,
    replacements: listing(async (list, ...args) => {
      const page = await list(...args);
      return page.logs.length === 0 ? { ...page, nextCursor: null } : page;
    }),
  },
  {
    name: 'last-page-never-flushed',
    sentence: 'hands on a page when the next one comes, and so never the last',
    requirement: 'API-20',
    replacements: listing(async (list, ...args) => {
      const page = await list(...args);
      return page.nextCursor === null ? { ...page, logs: [] } : page;
    }),
  },
  {
    name: 'cursor-sent-unencoded',
    sentence: 'puts the cursor into the query as it came',
    requirement: 'API-20',
    replacements: requesting((path) =>
      path.replace(/cursor=([^&]*)/, (_all, cursor: string) => `cursor=${decodeURIComponent(cursor)}`),
    ),
  },
  {
    name: 'log-listed-twice-stored-twice',
    sentence: 'tells logs apart by their place in the listing',
    requirement: 'API-20',
    replacements: replacing('providerClient', (real) => {
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
    }),
  },
  asking('id-sent-unencoded', 'puts an id into the path as it came', (id) => id),
  asking(
    'id-encoded-as-uri',
    'encodes an id as if it were a whole address: slashes and question marks stay',
    (id) => encodeURI(id),
  ),
  asking('id-encoded-as-form', 'encodes an id as a form does: a space is a plus', (id) =>
    encodeURIComponent(id).replaceAll('%20', '+'),
  ),
  asking('id-encoded-twice', 'encodes an id that is encoded already', (id) =>
    encodeURIComponent(encodeURIComponent(id)),
  ),
  asking('id-decoded-first', 'decodes an id before it encodes it, to be sure', (id) =>
    encodeURIComponent(decoded(id)),
  ),
  asking('id-cut-at-128', 'keeps ids in a column of 128 characters', (id) =>
    encodeURIComponent(id.slice(0, 128)),
  ),
  asking('id-trimmed', 'trims ids', (id) => encodeURIComponent(id.trim())),
  asking('id-read-as-ascii', 'replaces what is not ASCII in an id', (id) =>
    encodeURIComponent(id.replaceAll(/[^ -~]/g, '?')),
  ),
  describing('source-id-kept-encoded', 'keeps the id as it went into the path', (record) => ({
    ...record,
    source_id: encodeURIComponent(record.source_id),
  })),
  describing('job-id-of-nobody', 'describes a log without the job that wrote it', (record) => ({
    ...record,
    job_id: '',
  })),
  describing('bucket-not-described', 'describes an object by its key alone', (record) => ({
    ...record,
    object: { ...record.object, bucket: '' },
  })),
  identifying(
    'log-id-without-provider',
    'makes the id of a log from the id at its provider alone',
    (real, _provider, id) => real('', id),
  ),
  identifying('log-id-ignores-case', 'makes the id of a log from small letters', (real, provider, id) =>
    real(provider, id.toLowerCase()),
  ),
  identifying('log-id-normalised', 'normalises the id of a log before hashing it', (real, provider, id) =>
    real(provider, id.normalize('NFC')),
  ),
  listed(
    'log-filed-by-local-day',
    'API-22',
    'files a log under the day as its timestamp writes it',
    (log) => ({
      ...log,
      instant: { ...log.instant, dayPath: log.timestamp.slice(0, 10).replaceAll('-', '/') },
    }),
  ),
  listed(
    'log-filed-by-day-of-ingestion',
    'API-22',
    'files a log under the day on which it is stored',
    (log) => ({
      ...log,
      instant: { ...log.instant, dayPath: new Date().toISOString().slice(0, 10).replaceAll('-', '/') },
    }),
  ),
  listed('timestamp-written-in-utc', 'API-22', 'keeps the timestamp in UTC', (log) => ({
    ...log,
    timestamp: new Date(log.timestamp).toISOString(),
  })),
  listed('timestamp-cut-to-milliseconds', 'API-22', 'cuts timestamps to milliseconds', (log) => ({
    ...log,
    timestamp: log.timestamp.replace(/(\.\d{3})\d+/, '$1'),
  })),
  listed(
    'timestamp-zeros-dropped',
    'API-22',
    'writes fractions of a second in their shortest form',
    (log) => ({
      ...log,
      timestamp: log.timestamp.replace(/(\.\d*?)0+(?=[Z+-])/, '$1'),
    }),
  ),
  {
    name: 'late-logs-passed-over',
    sentence: 'passes over logs whose timestamp is not in the range, though the provider listed them',
    requirement: 'API-23',
    smoke: true,
    replacements: listing(async (list, providerId, range, ...rest) => {
      const page = await list(providerId, range, ...rest);
      const from = parseInstant(range.start)?.sortKey ?? '';
      const to = parseInstant(range.end)?.sortKey ?? '';
      return {
        ...page,
        logs: page.logs.filter(({ instant: { sortKey } }) => sortKey >= from && sortKey < to),
      };
    }),
  },
  {
    name: 'listing-taken-for-sorted',
    sentence: 'takes a log older than the one before it for one that it has',
    requirement: 'API-23',
    replacements: replacing('providerClient', (real) => {
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
    }),
  },
  ranging('range-widened-to-days', 'asks for whole days', ({ start, end }) => ({
    start: `${start.slice(0, 10)}T00:00:00Z`,
    end: `${end.slice(0, 10)}T23:59:59.999Z`,
  })),
  ranging(
    'end-of-range-included',
    'asks up to the end and a millisecond, for the end belongs to the range',
    ({ start, end }) => ({
      start,
      end: new Date(Date.parse(end) + 1).toISOString(),
    }),
  ),
  ranging('range-begins-a-second-late', 'asks from the second after the start', ({ start, end }) => ({
    start: new Date(Date.parse(start) + 1000).toISOString(),
    end,
  })),
];

function listing(
  change: (list: ListPage, ...args: Parameters<ListPage>) => ReturnType<ListPage>,
): Partial<PartFactories> {
  return replacing('providerClient', (real) => ({
    listPage: async (...args) => await change(async (...again) => await real.listPage(...again), ...args),
  }));
}

function listed(
  name: string,
  requirement: string,
  sentence: string,
  change: (log: ListedLog) => ListedLog,
): Defect {
  return {
    name,
    sentence,
    requirement,
    replacements: listing(async (list, ...args) => {
      const page = await list(...args);
      return { ...page, logs: page.logs.map(change) };
    }),
  };
}

function ranging(
  name: string,
  sentence: string,
  change: (range: { readonly start: string; readonly end: string }) => {
    readonly start: string;
    readonly end: string;
  },
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-24',
    replacements: listing(
      async (list, providerId, range, ...rest) => await list(providerId, change(range), ...rest),
    ),
  };
}

function requesting(change: (path: string) => string): Partial<PartFactories> {
  return replacing('providerCalls', (real) => ({
    get: async (path, ...rest) => await real.get(change(path), ...rest),
  }));
}

function asking(name: string, sentence: string, encode: (id: string) => string): Defect {
  return {
    name,
    sentence,
    requirement: 'API-21',
    replacements: requesting((path) =>
      path.replace(/(?<=\/logs\/)(.*)$/, (id) => encode(decodeURIComponent(id))),
    ),
  };
}

function describing(
  name: string,
  sentence: string,
  change: (
    record: Awaited<ReturnType<Parameters<typeof archiving>[0]>>,
  ) => Awaited<ReturnType<Parameters<typeof archiving>[0]>>,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-22',
    replacements: archiving(async (real, ...args) => change(await real.archive(...args))),
  };
}

function identifying(
  name: string,
  sentence: string,
  identify: (real: (provider: string, id: string) => string, provider: string, id: string) => string,
): Defect {
  return {
    name,
    sentence,
    requirement: 'API-22',
    replacements: replacing('naming', (real) => ({
      logId: (provider, id) => identify((...args) => real.logId(...args), provider, id),
    })),
  };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
