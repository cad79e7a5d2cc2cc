import type { PartFactories } from '../../reference-vault/parts';
import type { ListedLog } from '../../reference-vault/provider-integration/provider-client';
import { parseInstant } from '../../reference-vault/timestamps';
import type { Defect } from './defect';
import { listing, requesting } from './part-changes';

const DAY_MS = 24 * 3600 * 1000;

/** Bugs in the day under which a log is filed, and in ids that mean something to a program. */
export const dayAndIdDefects: readonly Defect[] = [
  filing(
    'log-filed-by-the-day-of-the-machine',
    'files a log under its day in the time zone of the machine',
    (log) => {
      const utc = new Date(log.timestamp);
      return dayPath(utc.getFullYear(), utc.getMonth() + 1, utc.getDate());
    },
  ),
  filing('log-filed-by-the-year-of-its-week', 'writes the year as YYYY, which is that of the week', (log) => {
    const utc = new Date(log.timestamp);
    const thursdayMs = utc.getTime() + (4 - (utc.getUTCDay() || 7)) * DAY_MS;
    return dayPath(new Date(thursdayMs).getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
  }),
  filing(
    'half-hours-added-west-of-utc',
    'takes the minutes of an offset for positive, whatever its sign',
    (log) => {
      const [, sign, minutes = '0'] = /([+-])\d\d:(\d\d)$/.exec(log.timestamp) ?? [];
      const offByMs = sign === '-' ? 2 * Number(minutes) * 60_000 : 0;
      const utc = new Date(Date.parse(log.timestamp) - offByMs);
      return dayPath(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
    },
  ),
  filing(
    'log-filed-by-its-rounded-time',
    'rounds fractions of a second up, into the next day at midnight',
    (log) => {
      const fraction = Number(/\.(\d+)/.exec(log.timestamp)?.[0] ?? 0);
      const utc = new Date(Date.parse(log.timestamp.replace(/\.\d+/, '')) + Math.round(fraction * 1000));
      return dayPath(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
    },
  ),
  {
    name: 'logs-ahead-passed-over',
    sentence: 'passes over logs that are later than the range, though the provider listed them',
    requirement: 'API-23',
    replacements: listed(({ instant }, range) => instant.sortKey < (parseInstant(range.end)?.sortKey ?? '')),
  },
  {
    name: 'numeric-ids-read-as-numbers',
    sentence: 'takes an id of digits alone for a number, which has no zeros before it',
    requirement: 'API-21',
    replacements: requesting((path) => path.replace(/\/0+(\d+)$/, '/$1')),
  },
  {
    name: 'ids-kept-in-an-object',
    sentence: 'keeps the ids it has seen in a plain object, which has members of its own',
    requirement: 'API-22',
    replacements: listed(({ sourceId }) => !(sourceId in {})),
  },
  {
    name: 'control-characters-taken-from-ids',
    sentence: 'takes control characters out of ids, for nobody can see them',
    requirement: 'API-21',
    replacements: requesting((path) => path.replaceAll(/%(?:[01][0-9A-F]|7F)/g, '')),
  },
];

function filing(name: string, sentence: string, dayOf: (log: ListedLog) => string): Defect {
  const replacements = listing(async (list, ...args) => {
    const page = await list(...args);
    const logs = page.logs.map((log) => ({ ...log, instant: { ...log.instant, dayPath: dayOf(log) } }));
    return { ...page, logs };
  });
  return { name, sentence, requirement: 'API-22', replacements };
}

/** Only logs that are to stay. */
function listed(
  stays: (log: ListedLog, range: { readonly start: string; readonly end: string }) => boolean,
): Partial<PartFactories> {
  return listing(async (list, providerId, range, ...rest) => {
    const page = await list(providerId, range, ...rest);
    return { ...page, logs: page.logs.filter((log) => stays(log, range)) };
  });
}

function dayPath(...parts: readonly number[]): string {
  return parts.map((part) => String(part).padStart(2, '0')).join('/');
}
