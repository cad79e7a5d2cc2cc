import { setTimeout as pause } from 'node:timers/promises';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { ListingPage } from '../../reference-vault/provider-integration/provider-client';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { opening, replacing } from './part-changes';

/** Bugs that lose a log of a job, or take one for another. */
export const completenessDefects: readonly Defect[] = [
  ...breaking('FID-4', {
    'payloads-swapped-between-logs: pairs payloads with logs in the order in which they arrive':
      payloadsSwapped(),
    'raw-answer-of-another-log: keeps the log being read in a shared field, which the next reader overwrites':
      sharedReader(),
    'last-page-lost: stops when there is no next cursor, before it has read that page': paging(
      (page, cursor) => (page.nextCursor === null && cursor !== undefined ? [] : page.logs),
    ),
    'log-lost-at-page-boundary: reads one log more to see whether there is a next page, and drops it': paging(
      (page) => (page.nextCursor === null ? page.logs : page.logs.slice(0, -1)),
    ),
    'first-log-of-later-pages-lost: takes the first log of a later page for the last one of the page before':
      paging((page, cursor) => (cursor === undefined ? page.logs : page.logs.slice(1))),
    'only-first-page-read: never asks for a second page': {
      'providerClient.listPage': async ({ real }, ...args) => ({
        ...(await real.listPage(...args)),
        nextCursor: null,
      }),
    },
    'only-100-logs-read: stops after 100 logs, the limit of the test account': firstHundred(),
    'only-full-batches-recorded: writes metadata in batches of 40 and forgets the last, shorter one': {
      'logRepository.add': async ({ real }, records) => await real.add(records.length < 40 ? [] : records),
    },
    'equal-payloads-taken-for-one-log: takes a log whose checksum is known already for the same log':
      oncePerChecksum(),
    'equal-timestamps-taken-for-one-log: takes logs of the same second for one log': paging(({ logs }) => {
      const seconds = new Set<string>();
      return logs.filter(({ instant }) => {
        const second = instant.sortKey.slice(0, 19);
        return !seconds.has(second) && seconds.add(second);
      });
    }),
  }),
  ...breaking('API-20', {
    'lone-log-of-last-batch-lost: works in batches of 50 and forgets the last where it is a single log':
      loneLogLost(),
  }),
];

function paging(logsOf: (page: ListingPage, cursor: string | undefined) => ListingPage['logs']): Change {
  return {
    'providerClient.listPage': async ({ real }, providerId, range, cursor, signal) => {
      const page = await real.listPage(providerId, range, cursor, signal);
      return { ...page, logs: logsOf(page, cursor) };
    },
  };
}

/** Of two payloads that are under way at once, each gets the other. */
function payloadsSwapped(): Change {
  return replacing('providerClient', (real) => {
    let waiting: ((payload: Buffer) => Buffer) | undefined;
    return {
      fetchPayload: async (...args) => {
        const payload = await real.fetchPayload(...args);
        const before = waiting;
        if (before !== undefined) {
          waiting = undefined;
          return before(payload);
        }
        return await new Promise<Buffer>((resolve) => {
          const alone = setTimeout(() => {
            waiting = undefined;
            resolve(payload);
          }, 50);
          waiting = (others) => {
            clearTimeout(alone);
            resolve(others);
            return payload;
          };
        });
      },
    };
  });
}

/** One read is served with what the latest one asked for. */
function sharedReader(): Change {
  let current = '';
  return opening(async (real, logId, signal) => {
    current = logId;
    // As long as it takes to find its record.
    await pause(3);
    return await real.open(current, signal);
  });
}

function firstHundred(): Change {
  return replacing('providerClient', (real) => {
    let read = 0;
    return {
      listPage: async (providerId, range, cursor, signal) => {
        if (cursor === undefined) read = 0;
        const { logs, nextCursor } = await real.listPage(providerId, range, cursor, signal);
        const kept = logs.slice(0, 100 - read);
        read += kept.length;
        return { logs: kept, nextCursor: read < 100 ? nextCursor : null };
      },
    };
  });
}

function oncePerChecksum(): Change {
  return replacing('logRepository', (real) => {
    const known = new Set<string>();
    const isNew = ({ checksum }: LogDocument): boolean =>
      !known.has(checksum) && known.add(checksum) !== undefined;
    return { add: async (records) => await real.add(records.filter(isNew)) };
  });
}

function loneLogLost(): Change {
  const listed = new Map<string, number>();
  return {
    'providerClient.listPage': async ({ real }, providerId, range, cursor, signal) => {
      const page = await real.listPage(providerId, range, cursor, signal);
      const listing = [providerId, range.start, range.end].join();
      const before = cursor === undefined ? 0 : (listed.get(listing) ?? 0);
      const count = before + page.logs.length;
      listed.set(listing, count);
      const isLone = page.nextCursor === null && count > 50 && count % 50 === 1;
      return isLone ? { ...page, logs: page.logs.slice(0, -1) } : page;
    },
  };
}
