import { parseUtcInstant } from '../../reference-vault/timestamps';
import type { Defect } from './defect';
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
export const lenientRequestDefects: readonly Defect[] = [
  rewritingTimes(
    {
      name: 'times-read-by-date',
      sentence: 'reads times by Date: 30 February is 2 March, and any zone will do',
      requirement: 'API-12',
    },
    isoOf,
  ),
  understanding(
    {
      name: 'end-read-by-date',
      sentence: 'checks the start and reads the end by Date',
      requirement: 'API-12',
    },
    (body) =>
      withRange(body, ({ start, end }) => ({ start, end: typeof end === 'string' ? isoOf(end) : end })),
  ),
  rewritingTimes(
    {
      name: 'june-and-november-given-31-days',
      sentence: 'has a list of the months with 30 days, and forgot two',
      requirement: 'API-12',
    },
    (time) => time.replace(/-06-31(?=T)/, '-07-01').replace(/-11-31(?=T)/, '-12-01'),
  ),
  rewritingTimes(
    { name: 'any-offset-converted', sentence: 'converts any offset into UTC', requirement: 'API-12' },
    (time) => (/[+-]\d\d:\d\d$/.test(time) ? isoOf(time) : time),
  ),
  rewritingTimes(
    { name: 'no-zone-taken-for-utc', sentence: 'takes a time without a zone for UTC', requirement: 'API-12' },
    (time) => (/T[\d:]{8}$/.test(time) ? `${time}Z` : time),
  ),
  rewritingTimes(
    { name: 'day-taken-for-midnight', sentence: 'takes a day for its midnight', requirement: 'API-12' },
    (time) => (/^\d{4}-\d\d-\d\d$/.test(time) ? `${time}T00:00:00Z` : time),
  ),
  rewritingTimes(
    { name: 'times-trimmed', sentence: 'trims times before it reads them', requirement: 'API-12' },
    (time) => time.trim(),
  ),
  rewritingTimes(
    {
      name: 'digits-of-any-script-read',
      sentence: 'matches digits with \\d, which in its language knows those of every script',
      requirement: 'API-12',
    },
    (time) => time.normalize('NFKC'),
  ),
  rewritingTimes(
    {
      name: 'all-of-iso-8601-read',
      sentence: 'reads times by a parser of ISO 8601: the basic form, a decimal comma, no seconds',
      requirement: 'API-12',
    },
    (time) =>
      time
        .replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
        .replace(/^2026-W01-4T/, '2026-01-01T')
        .replace(',', '.')
        .replace(/T(\d\d:\d\d)Z$/, 'T$1:00Z'),
  ),
  understanding(
    {
      name: 'times-not-checked',
      sentence: 'leaves it to the provider to make sense of the times',
      requirement: 'API-12',
    },
    (body) => withRange(body, () => ({ start: '1971-01-01T00:00:00Z', end: '1971-01-02T00:00:00Z' })),
  ),
  readingTimes(
    { name: 'epoch-read', sentence: 'takes numbers for milliseconds since 1970', requirement: 'API-12' },
    (time) => (typeof time === 'number' ? new Date(time).toISOString() : time),
  ),
  understanding(
    {
      name: 'end-taken-for-now',
      sentence: 'takes a range without an end for one up to now',
      requirement: 'API-12',
    },
    (body) => withRange(body, ({ start, end = new Date().toISOString() }) => ({ start, end })),
  ),
  understanding(
    {
      name: 'range-defaulted',
      sentence: 'takes a request without a range that it understands for one about yesterday',
      requirement: 'API-12',
    },
    ({ range, ...body }) => ({
      ...body,
      range: isBody(range) ? range : { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' },
    }),
  ),
  comparing(
    { name: 'range-not-checked', sentence: 'does not compare start and end', requirement: 'API-12' },
    () => true,
  ),
  comparing(
    {
      name: 'empty-range-accepted',
      sentence: 'takes a range that ends when it starts for one',
      requirement: 'API-12',
    },
    (start, end) => (parseUtcInstant(start)?.sortKey ?? '') <= (parseUtcInstant(end)?.sortKey ?? ''),
  ),
  comparing(
    {
      name: 'range-compared-as-text',
      sentence: 'compares start and end as they are written',
      requirement: 'API-12',
    },
    (start, end) => start < end,
  ),
  knowingProviders(
    {
      name: 'provider-not-checked',
      sentence: 'leaves it to the provider whether it exists',
      requirement: 'API-12',
    },
    () => true,
  ),
  knowingProviders(
    {
      name: 'provider-looked-up-in-an-object',
      sentence: 'looks a provider up among the members of an object, inherited ones included',
      requirement: 'API-12',
    },
    (id, providers) => id in Object.fromEntries(providers.map((known) => [known, true])),
  ),
  knowingProviders(
    {
      name: 'provider-found-in-a-text',
      sentence: 'looks for the provider in the comma-separated list as it was configured',
      requirement: 'API-12',
    },
    (id, providers) => providers.join(',').includes(id),
  ),
  knowingProviders(
    {
      name: 'provider-tidied',
      sentence: 'trims the name of a provider and ignores its case',
      requirement: 'API-12',
    },
    (id, providers) => providers.includes(id.trim().toLowerCase()),
  ),
  understanding(
    {
      name: 'provider-defaulted',
      sentence: 'takes a request without a provider that is a text for one to its first provider',
      requirement: 'API-12',
    },
    ({ provider_id: id, ...body }) => ({
      ...body,
      provider_id: typeof id === 'string' ? id : 'okta_system_log',
    }),
  ),
  understanding(
    { name: 'list-taken-for-its-first', sentence: 'takes a list of one for the one', requirement: 'API-12' },
    ({ provider_id: id, ...body }) => ({ ...body, provider_id: Array.isArray(id) ? id[0] : id }),
  ),
  understanding(
    {
      name: 'priority-not-checked',
      sentence: 'takes a priority it does not know for normal',
      requirement: 'API-12',
    },
    ({ priority, ...body }) => ({
      ...body,
      priority: priority === 'high' || priority === 'low' ? priority : 'normal',
    }),
  ),
  understanding(
    { name: 'priority-case-ignored', sentence: 'ignores the case of a priority', requirement: 'API-12' },
    ({ priority = 'normal', ...body }) => ({ ...body, priority: String(priority).toLowerCase() }),
  ),
];

/** As Date reads a time; the time itself, where Date cannot. */
function isoOf(time: string): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? time : new Date(ms).toISOString();
}
