import { providerFault } from '../../reference-vault/faults';
import type { ListedLog } from '../../reference-vault/provider-integration/provider-client';
import { parseInstant } from '../../reference-vault/timestamps';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { listing, requesting } from './part-changes';

const DAY_MS = 24 * 3600 * 1000;

/** Bugs in the day under which a log is filed, and in ids that mean something to a program. */
export const dayAndIdDefects: readonly Defect[] = [
  ...breaking('API-22', {
    'log-filed-by-the-day-of-the-machine: files a log under its day in the time zone of the machine': filing(
      (log) => {
        const utc = new Date(log.timestamp);
        return dayPath(utc.getFullYear(), utc.getMonth() + 1, utc.getDate());
      },
    ),
    'log-filed-by-the-year-of-its-week: writes the year as YYYY, which is that of the week': filing((log) => {
      const utc = new Date(log.timestamp);
      const thursdayMs = utc.getTime() + (4 - (utc.getUTCDay() || 7)) * DAY_MS;
      return dayPath(new Date(thursdayMs).getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
    }),
    'half-hours-added-west-of-utc: takes the minutes of an offset for positive, whatever its sign': filing(
      (log) => {
        const [, sign, minutes = '0'] = /([+-])\d\d:(\d\d)$/.exec(log.timestamp) ?? [];
        const offByMs = sign === '-' ? 2 * Number(minutes) * 60_000 : 0;
        const utc = new Date(Date.parse(log.timestamp) - offByMs);
        return dayPath(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
      },
    ),
    'log-filed-by-its-rounded-time: rounds fractions of a second up, into the next day at midnight': filing(
      (log) => {
        const fraction = Number(/\.(\d+)/.exec(log.timestamp)?.[0] ?? 0);
        const utc = new Date(Date.parse(log.timestamp.replace(/\.\d+/, '')) + Math.round(fraction * 1000));
        return dayPath(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
      },
    ),
    'ids-kept-in-an-object: keeps the ids it has seen in a plain object, which has members of its own':
      listed(({ sourceId }) => !(sourceId in {})),
  }),
  ...breaking('API-23', {
    'logs-ahead-passed-over: passes over logs that are later than the range, though the provider listed them':
      listed(({ instant }, range) => instant.sortKey < (parseInstant(range.end)?.sortKey ?? '')),
  }),
  ...breaking('API-21', {
    'ids-measured-in-utf-16: takes a listing for none that has an id of more than 200 UTF-16 units': listing(
      async (list, ...args) => {
        const page = await list(...args);
        if (page.logs.some(({ sourceId }) => sourceId.length > 200))
          throw providerFault('unavailable', 'An id is too long.');
        return page;
      },
    ),
    'numeric-ids-read-as-numbers: takes an id of digits alone for a number, which has no zeros before it':
      requesting((path) => path.replace(/\/0+(\d+)$/, '/$1')),
    'control-characters-taken-from-ids: takes control characters out of ids, for nobody can see them':
      requesting((path) => path.replaceAll(/%(?:[01][0-9A-F]|7F)/g, '')),
  }),
];

function filing(dayOf: (log: ListedLog) => string): Change {
  const replacements = listing(async (list, ...args) => {
    const page = await list(...args);
    const logs = page.logs.map((log) => ({ ...log, instant: { ...log.instant, dayPath: dayOf(log) } }));
    return { ...page, logs };
  });
  return replacements;
}

/** Only logs that are to stay. */
function listed(
  stays: (log: ListedLog, range: { readonly start: string; readonly end: string }) => boolean,
): Change {
  return listing(async (list, providerId, range, ...rest) => {
    const page = await list(providerId, range, ...rest);
    return { ...page, logs: page.logs.filter((log) => stays(log, range)) };
  });
}

function dayPath(...parts: readonly number[]): string {
  return parts.map((part) => String(part).padStart(2, '0')).join('/');
}
