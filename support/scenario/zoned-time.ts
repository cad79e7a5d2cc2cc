import type { ScenarioScope } from './scenario-scope';

const ZONE = /^(Z|([+-])(\d\d):(\d\d))$/;
const MINUTE_MS = 60_000;

const spans: Readonly<Record<string, number>> = { 'an hour': 60 * MINUTE_MS, 'a day': 24 * 60 * MINUTE_MS };

/** How long `an hour` is, or `a day`, in milliseconds. @throws Error for other words */
export function spanMs(words: string): number {
  const span = spans[words];
  if (span === undefined)
    throw new Error(`no span is called "${words}"; there are: ${Object.keys(spans).join(', ')}`);
  return span;
}

/**
 * An instant of a day as RFC 3339 in a zone: `23:30:00` UTC in `+02:00` is half past one of the next day
 * there.
 * @param day the UTC day, `2026-01-31`
 * @param time the time in UTC, `23:30:00` or `23:30:00.123456789`; its fraction is kept digit by digit
 * @throws Error for what is no such time or zone
 */
export function zonedTime(day: string, time: string, zone: string): string {
  const [clock = '', fraction] = time.split('.');
  const [, , sign, hours, minutes] = ZONE.exec(zone) ?? [];
  const utcMs = Date.parse(`${day}T${clock}Z`);
  if (!ZONE.test(zone) || Number.isNaN(utcMs)) throw new Error(`${time} UTC in ${zone} is no time`);
  const offsetMs =
    sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  const local = new Date(utcMs + offsetMs).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
  return `${local}${fraction === undefined ? '' : `.${fraction}`}${zone}`;
}

const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Returns the timestamp that a feature file names.
 * @param words `10:00:00 UTC`, `23:30:00 UTC and written in the time zone +02:00`, `just before the day`, `at
 * the very end of the day`, `3 days ago`, `3 days ahead`, all seen from the scenario's day; or a timestamp as
 * it is
 */
export function timestampOf(scope: ScenarioScope, words: string): string {
  const [, time, zone = 'Z'] = /^(\S+) UTC(?: and written in the time zone (\S+))?$/.exec(words) ?? [];
  if (time !== undefined) return zonedTime(scope.at(0).slice(0, 'YYYY-MM-DD'.length), time, zone);
  const [, days, side] = /^(\d+) days (ago|ahead)$/.exec(words) ?? [];
  if (days !== undefined) return scope.at(Number(days) * DAY_MS * (side === 'ago' ? -1 : 1));
  if (words === 'just before the day') return scope.at(-1);
  if (words === 'at the very end of the day') return scope.range.end;
  return words;
}
