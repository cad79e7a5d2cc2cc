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
