import { parseUtcInstant } from '../../reference-vault/timestamps';
import { breaking, type Defect } from './defect';
import {
  comparing,
  isBody,
  knowingProviders,
  readingTimes,
  rewritingTimes,
  understanding,
  withRange,
} from './request-changes';

/** Bugs by which a vault makes something of a request that makes no sense. */
export const lenientRequestDefects: readonly Defect[] = breaking('API-12', {
  'times-read-by-date: reads times by Date: 30 February is 2 March, and any zone will do':
    rewritingTimes(isoOf),
  'end-read-by-date: checks the start and reads the end by Date': understanding((body) =>
    withRange(body, ({ start, end }) => ({ start, end: typeof end === 'string' ? isoOf(end) : end })),
  ),
  'june-and-november-given-31-days: has a list of the months with 30 days, and forgot two': rewritingTimes(
    (time) => time.replace(/-06-31(?=T)/, '-07-01').replace(/-11-31(?=T)/, '-12-01'),
  ),
  'any-offset-converted: converts any offset into UTC': rewritingTimes((time) =>
    /[+-]\d\d:\d\d$/.test(time) ? isoOf(time) : time,
  ),
  'no-zone-taken-for-utc: takes a time without a zone for UTC': rewritingTimes((time) =>
    /T[\d:]{8}$/.test(time) ? `${time}Z` : time,
  ),
  'day-taken-for-midnight: takes a day for its midnight': rewritingTimes((time) =>
    /^\d{4}-\d\d-\d\d$/.test(time) ? `${time}T00:00:00Z` : time,
  ),
  'times-trimmed: trims times before it reads them': rewritingTimes((time) => time.trim()),
  'digits-of-any-script-read: matches digits with \\d, which in its language knows those of every script':
    rewritingTimes((time) => time.normalize('NFKC')),
  'all-of-iso-8601-read: reads times by a parser of ISO 8601: the basic form, a decimal comma, no seconds':
    rewritingTimes((time) =>
      time
        .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
        .replace(/^2026-W01-4T/, '2026-01-01T')
        .replace(',', '.')
        .replace(/T(\d\d:\d\d)Z$/, 'T$1:00Z'),
    ),
  'epoch-read: takes numbers for milliseconds since 1970': readingTimes((time) =>
    typeof time === 'number' ? new Date(time).toISOString() : time,
  ),
  'end-taken-for-now: takes a range without an end for one up to now': understanding((body) =>
    withRange(body, ({ start, end = new Date().toISOString() }) => ({ start, end })),
  ),
  'range-defaulted: takes a request without a range that it understands for one about yesterday':
    understanding(({ range, ...body }) => ({
      ...body,
      range: isBody(range) ? range : { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
    })),
  'range-not-checked: does not compare start and end': comparing(() => true),
  'empty-range-accepted: takes a range that ends when it starts for one': comparing(
    (start, end) => (parseUtcInstant(start)?.sortKey ?? '') <= (parseUtcInstant(end)?.sortKey ?? ''),
  ),
  'range-compared-as-text: compares start and end as they are written': comparing(
    (start, end) => start < end,
  ),
  'provider-not-checked: leaves it to the provider whether it exists': knowingProviders(() => true),
  'provider-looked-up-in-an-object: looks providers up among the members of an object, inherited ones too':
    knowingProviders((id, providers) => id in Object.fromEntries(providers.map((known) => [known, true]))),
  'provider-found-in-a-text: looks for the provider in the comma-separated list as it was configured':
    knowingProviders((id, providers) => providers.join(',').includes(id)),
  'provider-tidied: trims the name of a provider and ignores its case': knowingProviders((id, providers) =>
    providers.includes(id.trim().toLowerCase()),
  ),
  'provider-defaulted: takes a request without a provider that is a text for one to its first provider':
    understanding(({ provider_id: id, ...body }) => ({
      ...body,
      provider_id: typeof id === 'string' ? id : 'okta_system_log',
    })),
  'list-taken-for-its-first: takes a list of one for the one': understanding(
    ({ provider_id: id, ...body }) => ({ ...body, provider_id: Array.isArray(id) ? id[0] : id }),
  ),
  'priority-not-checked: takes a priority it does not know for normal': understanding(
    ({ priority, ...body }) => ({
      ...body,
      priority: priority === 'high' || priority === 'low' ? priority : 'normal',
    }),
  ),
  'priority-case-ignored: ignores the case of a priority': understanding(
    ({ priority = 'normal', ...body }) => ({ ...body, priority: String(priority).toLowerCase() }),
  ),
});

/** As Date reads a time; the time itself, where Date cannot. */
function isoOf(time: string): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? time : new Date(ms).toISOString();
}
