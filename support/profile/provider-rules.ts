import { AddressTemplate } from './address-template';
import type { ProfileDocument } from './profile-document';
import { CONTRACT_PROVIDER } from './provider-shape';
import { clashes, type ProfileProblem, problem, type Rule, takenHeader, templateProblem } from './rule';
import { namesIn } from './template';

type Provider = NonNullable<ProfileDocument['provider']>;

/** The suite can play the provider: its calls can be told apart, and what they ask for can be read. */
export const PROVIDER_RULES: readonly Rule[] = [
  ({ provider }) => authorizationRules(provider?.authorization ?? {}),
  ({ provider }) => listingRules(provider?.listing ?? {}),
  ({ provider }) => {
    const payload = provider?.payload ?? 'inline';
    if (payload === 'inline') return [];
    return [address(['provider', 'payload'], payload, ['provider_id', 'id'], ['provider_id', 'id'])];
  },
  ({ provider }) => {
    const path = provider?.health?.path;
    return [path === undefined ? undefined : address(['provider', 'health', 'path'], path, [], [])];
  },
  ({ provider }) => sharedAddresses(provider ?? {}),
];

function authorizationRules({
  header,
  value,
}: NonNullable<Provider['authorization']>): readonly (ProfileProblem | undefined)[] {
  const at = ['provider', 'authorization'];
  return [
    takenHeader([...at, 'header'], header, {
      carries: 'a key',
      also: ['accept-encoding', 'expect', 'host'],
      such: 'X-Api-Key',
    }),
    value === undefined ? undefined : templateProblem([...at, 'value'], value, ['key'], ['key']),
    value === undefined || value === value.trim()
      ? undefined
      : problem(
          [...at, 'value'],
          `"${value}" has white space around it, which HTTP takes away on the way: leave it out`,
        ),
  ];
}

function listingRules(listing: NonNullable<Provider['listing']>): readonly (ProfileProblem | undefined)[] {
  const at = ['provider', 'listing'];
  const { path, logs = 'logs', next = 'next_cursor', id, timestamp } = listing;
  const byCursor = typeof next === 'string';
  const names = ['provider_id', 'start', 'end', 'cursor'];
  const needed = ['provider_id', 'start', 'end', ...(byCursor ? ['cursor'] : [])];
  return [
    path === undefined
      ? undefined
      : (cursorPlace([...at, 'path'], path) ?? address([...at, 'path'], path, names, needed)),
    logs === '.' && byCursor
      ? problem(
          [...at, listing.next === undefined ? 'logs' : 'next'],
          'where the answer itself is the list of logs (logs: "."), no member can lead to the next page: say next: {link: next}',
        )
      : undefined,
    ...clashes({ id, timestamp }, { id: 'id', timestamp: 'timestamp' }, 'provider.listing'),
    ...(byCursor && logs !== '.'
      ? clashes(
          { logs: listing.logs, next: listing.next === undefined ? undefined : next },
          { logs: 'logs', next: 'next_cursor' },
          'provider.listing',
        )
      : []),
  ];
}

/** The first page has no cursor: only a member of the query can be left out, and nothing else with it. */
function cursorPlace(at: readonly string[], text: string): ProfileProblem | undefined {
  const [path = '', ...query] = text.split('?');
  if (namesIn(path).includes('cursor'))
    return problem(
      at,
      `"${text}" has {cursor} in its path: it has to be in the query, for the first page has none`,
    );
  const members = query.join('?').split('&').map(namesIn);
  const isAlone = members.every((names) => names.length < 2 || !names.includes('cursor'));
  return isAlone
    ? undefined
    : problem(
        at,
        `"${text}" has {cursor} beside another name in a member of the query: it needs a member of its own, which the first page leaves out`,
      );
}

/** An address that may be two calls leaves open which of them the vault makes. */
function sharedAddresses(provider: Provider): readonly (ProfileProblem | undefined)[] {
  const listing = provider.listing?.path ?? CONTRACT_PROVIDER.listing.path.text;
  const health = provider.health?.path ?? CONTRACT_PROVIDER.health.path.text;
  const payload =
    provider.payload === 'inline' ? undefined : (provider.payload ?? CONTRACT_PROVIDER.payload?.text);
  const isTakenFor = (one: string, other: string): boolean =>
    new AddressTemplate(other).readWhole(new URL(sample(one), ORIGIN)) !== undefined;
  const same = (one: string, other: string): boolean => isTakenFor(one, other) || isTakenFor(other, one);
  return [
    same(listing, health)
      ? provider.health?.path === undefined
        ? problem(
            ['provider', 'listing', 'path'],
            `"${listing}" looks like the path of the health check ("${health}"): they have to differ`,
          )
        : problem(
            ['provider', 'health', 'path'],
            `"${health}" looks like the path of a listing ("${listing}"): they have to differ`,
          )
      : undefined,
    payload !== undefined && (same(listing, payload) || same(payload, health))
      ? problem(
          ['provider', 'payload'],
          `"${payload}" looks like another call ("${listing}", "${health}"): their paths have to differ`,
        )
      : undefined,
  ];
}

const ORIGIN = 'http://provider.invalid';

function sample(text: string): string {
  const address = new AddressTemplate(text);
  return address.fill(Object.fromEntries(address.names.map((name) => [name, `some-${name}`])));
}

function address(
  at: readonly string[],
  text: string,
  known: readonly string[],
  needed: readonly string[],
): ProfileProblem | undefined {
  if (!text.startsWith('/'))
    return problem(
      at,
      `"${text}" has to be a path below the provider's address, such as "/v1/events"${at.includes('payload') ? ', or inline' : ''}`,
    );
  if (text.includes('#')) return problem(at, `"${text}" can have no "#": what follows it is not sent`);
  const [path = ''] = text.split('?');
  if (/[^\x21-\x7e]|["<>\\^`]/.test(path))
    return problem(at, `"${text}" has in its path what an address cannot have: write it percent-encoded`);
  if (path.includes('}{'))
    return problem(at, `"${text}" has names that touch: where one ends and the other begins has to show`);
  return templateProblem(at, text, known, needed) ?? unreadable(at, text);
}

/** As a vault may ask: the first page, and further ones. */
const ASKED = [
  {
    provider_id: 'okta_system_log',
    id: 'evt-1_a.b:c/d',
    start: '2026-01-01T00:00:00Z',
    end: '2026-01-02T00:00:00Z',
  },
].flatMap((first) => [first, { ...first, cursor: 'page-2_a.b:c/d' }]);

/** Says that what an address asks for cannot be read back from it. */
function unreadable(at: readonly string[], text: string): ProfileProblem | undefined {
  const template = new AddressTemplate(text);
  for (const values of ASKED as readonly Readonly<Record<string, string>>[]) {
    const filled = template.fill(values);
    const read = template.read(new URL(filled, ORIGIN));
    if (read === undefined)
      return problem(
        at,
        `"${text}" is changed on its way, to "${new URL(filled, ORIGIN).pathname}": write it so`,
      );
    const lost = namesIn(text).find((name) => read[name] !== values[name]);
    if (lost !== undefined)
      return problem(
        at,
        `"${text}" does not show its names: in "${filled}" {${lost}} reads as ${read[lost] === undefined ? 'nothing' : `"${read[lost]}"`}; each needs a segment of the path or the value of a query member to itself, or beside it what it does not hold`,
      );
  }
  return undefined;
}
