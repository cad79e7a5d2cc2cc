import { setTimeout as pause } from 'node:timers/promises';
import type { PartFactories } from '../../reference-vault/parts';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { ListingPage } from '../../reference-vault/provider-integration/provider-client';
import type { Defect } from './defect';
import { opening, replacing } from './part-changes';

/** Bugs that lose a log of a job, or take one for another. */
export const completenessDefects: readonly Defect[] = [
  {
    name: 'payloads-swapped-between-logs',
    sentence: 'pairs payloads with logs in the order in which they arrive',
    requirement: 'FID-4',
    replacements: payloadsSwapped(),
  },
  {
    name: 'raw-answer-of-another-log',
    sentence: 'keeps the log being read in a field of a shared service, which the next reader overwrites',
    requirement: 'FID-4',
    replacements: sharedReader(),
  },
  paging(
    'last-page-lost',
    'stops when there is no next cursor, before it has read that page',
    (page, cursor) => (page.nextCursor === null && cursor !== undefined ? [] : page.logs),
  ),
  {
    ...paging(
      'log-lost-at-page-boundary',
      'reads one log more to see whether there is a next page, and drops it',
      (page) => (page.nextCursor === null ? page.logs : page.logs.slice(0, -1)),
    ),
  },
  paging(
    'first-log-of-later-pages-lost',
    'takes the first log of a later page for the last one of the page before',
    (page, cursor) => (cursor === undefined ? page.logs : page.logs.slice(1)),
  ),
  {
    name: 'lone-log-of-last-batch-lost',
    sentence: 'works in batches of 50 and forgets the last one when a single log is left for it',
    requirement: 'API-20',
    replacements: loneLogLost(),
  },
  {
    name: 'only-first-page-read',
    sentence: 'never asks for a second page',
    requirement: 'FID-4',
    replacements: replacing('providerClient', (real) => ({
      listPage: async (...args) => ({ ...(await real.listPage(...args)), nextCursor: null }),
    })),
  },
  {
    name: 'only-100-logs-read',
    sentence: 'stops after 100 logs, the limit of the test account',
    requirement: 'FID-4',
    replacements: firstHundred(),
  },
  {
    name: 'only-full-batches-recorded',
    sentence: 'writes metadata in batches of 40 and forgets the last, shorter one',
    requirement: 'FID-4',
    replacements: replacing('logRepository', (real) => ({
      add: async (records) => await real.add(records.length < 40 ? [] : records),
    })),
  },
  {
    name: 'equal-payloads-taken-for-one-log',
    sentence: 'takes a log whose checksum is known already for the same log',
    requirement: 'FID-4',
    replacements: oncePerChecksum(),
  },
  {
    name: 'equal-timestamps-taken-for-one-log',
    sentence: 'takes logs of the same second for one log',
    requirement: 'FID-4',
    replacements: paging('', '', ({ logs }) => {
      const seconds = new Set<string>();
      return logs.filter(({ instant }) => {
        const second = instant.sortKey.slice(0, 19);
        return !seconds.has(second) && seconds.add(second);
      });
    }).replacements,
  },
];

function paging(
  name: string,
  sentence: string,
  logsOf: (page: ListingPage, cursor: string | undefined) => ListingPage['logs'],
): Defect {
  return {
    name,
    sentence,
    requirement: 'FID-4',
    replacements: replacing('providerClient', (real) => ({
      listPage: async (providerId, range, cursor, signal) => {
        const page = await real.listPage(providerId, range, cursor, signal);
        return { ...page, logs: logsOf(page, cursor) };
      },
    })),
  };
}

/** Of two payloads that are under way at once, each gets the other. */
function payloadsSwapped(): Defect['replacements'] {
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
function sharedReader(): Defect['replacements'] {
  let current = '';
  return opening(async (real, logId, signal) => {
    current = logId;
    // As long as it takes to find its record.
    await pause(3);
    return await real.open(current, signal);
  });
}

function firstHundred(): Defect['replacements'] {
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

function oncePerChecksum(): Defect['replacements'] {
  return replacing('logRepository', (real) => {
    const known = new Set<string>();
    const isNew = ({ checksum }: LogDocument): boolean =>
      !known.has(checksum) && known.add(checksum) !== undefined;
    return { add: async (records) => await real.add(records.filter(isNew)) };
  });
}

function loneLogLost(): Partial<PartFactories> {
  const listed = new Map<string, number>();
  return replacing('providerClient', (real) => ({
    listPage: async (providerId, range, cursor, signal) => {
      const page = await real.listPage(providerId, range, cursor, signal);
      const listing = [providerId, range.start, range.end].join();
      const before = cursor === undefined ? 0 : (listed.get(listing) ?? 0);
      const count = before + page.logs.length;
      listed.set(listing, count);
      const isLone = page.nextCursor === null && count > 50 && count % 50 === 1;
      return isLone ? { ...page, logs: page.logs.slice(0, -1) } : page;
    },
  }));
}
