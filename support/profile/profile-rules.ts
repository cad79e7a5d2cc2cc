import { AddressTemplate } from './address-template';
import { nearest } from './nearest';
import { CONTRACT_PATHS } from './profile';
import type { ProfileDocument } from './profile-document';
import { CONTRACT_PROVIDER } from './provider-shape';
import { namesIn, Template } from './template';

/** Something wrong with a profile, and what would be right. */
export interface ProfileProblem {
  /** The member it is about, from the outside in. */
  readonly at: readonly string[];
  readonly words: string;
}

type Rule = (document: ProfileDocument) => readonly (ProfileProblem | undefined)[];

const KEY_NAMES = ['provider_id', 'log_id', 'source_id', 'job_id', 'yyyy', 'mm', 'dd'];
const MANIFEST_NAMES = ['provider_id', 'job_id', 'yyyy', 'mm', 'dd'];

/** Templates have the names they need, and no others; members do not contradict one another. */
export function brokenRules(document: ProfileDocument, requirementIds: readonly string[]): ProfileProblem[] {
  return [...RULES, unknownRequirements(requirementIds)]
    .flatMap((rule) => rule(document))
    .filter((problem) => problem !== undefined);
}

const RULES: readonly Rule[] = [
  ({ objects }) => {
    const key = objects?.key ?? 'contract';
    if (key === 'contract' || key === 'opaque') return [];
    const at = ['objects', 'key'];
    const names = namesIn(key);
    const tells = names.includes('log_id') || (names.includes('source_id') && names.includes('provider_id'));
    return [
      template(at, key, KEY_NAMES, []),
      tells
        ? undefined
        : problem(
            at,
            `"${key}" does not tell one log from another: it needs {log_id}, or {provider_id} and {source_id}; "opaque" where the vault makes keys up`,
          ),
    ];
  },
  ({ objects }) => {
    const manifest = objects?.manifest ?? 'contract';
    if (manifest === 'contract' || manifest === 'none') return [];
    return [template(['objects', 'manifest'], manifest, MANIFEST_NAMES, ['job_id'])];
  },
  ({ metadata = {} }) => {
    const { collection, object, ...paths } = metadata;
    const objects =
      typeof object === 'string'
        ? { object }
        : { 'object.bucket': object?.bucket, 'object.key': object?.key };
    return clashes(
      { ...paths, ...objects },
      object === undefined ? { ...DEFAULT_MEMBERS, ...DEFAULT_OBJECT } : DEFAULT_MEMBERS,
      'metadata',
    );
  },
  ({ answers }) => {
    const status = answers?.missing_object;
    const why = status === undefined ? undefined : TAKEN[status];
    return [
      why === undefined
        ? undefined
        : problem(
            ['answers', 'missing_object'],
            `${status} is ${why}: a loss has to be told apart from it, as 410 does`,
          ),
    ];
  },
  ({ job_errors: words = {} }) => {
    const codes = Object.keys(words) as (keyof typeof words)[];
    const effective = new Map(CODES.map((code) => [code, words[code] ?? code]));
    return codes.map((code) => {
      const twin = CODES.find((other) => other !== code && effective.get(other) === words[code]);
      return twin === undefined
        ? undefined
        : problem(
            ['job_errors', code],
            `"${words[code]}" is the word for ${twin} too: each code has a word of its own; where the vault does not tell them apart, name what it does not keep in not_claimed`,
          );
    });
  },
  ({ provider }) => {
    const value = provider?.authorization?.value;
    return [
      value === undefined
        ? undefined
        : template(['provider', 'authorization', 'value'], value, ['key'], ['key']),
    ];
  },
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

const DEFAULT_MEMBERS = {
  log_id: CONTRACT_PATHS.logId,
  provider_id: CONTRACT_PATHS.providerId,
  source_id: CONTRACT_PATHS.sourceId,
  job_id: CONTRACT_PATHS.jobId,
  timestamp: CONTRACT_PATHS.timestamp,
  checksum: CONTRACT_PATHS.checksum,
  bytes: CONTRACT_PATHS.bytes,
};

const DEFAULT_OBJECT = { 'object.bucket': 'object.bucket', 'object.key': 'object.key' };

const TAKEN: Readonly<Record<number, string>> = {
  401: 'what an API says to a client without the right key',
  403: 'what an API says to a client without the right key',
  404: 'the answer for a log that never existed',
  429: 'the answer to a client that asks too often',
  503: 'the answer while storage cannot be reached',
};

/** The codes of failed jobs that the contract names (sections 2 and 4). */
export const CODES = [
  'provider_unauthorized',
  'provider_rejected',
  'provider_unavailable',
  'storage_unavailable',
  'storage_rejected',
  'metadata_unavailable',
] as const;

function listingRules(
  listing: NonNullable<NonNullable<ProfileDocument['provider']>['listing']>,
): readonly (ProfileProblem | undefined)[] {
  const at = ['provider', 'listing'];
  const { path, logs = 'logs', next = 'next_cursor', id, timestamp } = listing;
  const byCursor = typeof next === 'string';
  const names = ['provider_id', 'start', 'end', 'cursor'];
  return [
    path === undefined
      ? undefined
      : address([...at, 'path'], path, names, [
          'provider_id',
          'start',
          'end',
          ...(byCursor ? ['cursor'] : []),
        ]),
    logs === '.' && byCursor
      ? problem(
          [...at, listing.next === undefined ? 'logs' : 'next'],
          'where the answer itself is the list of logs (logs: "."), no member can lead to the next page: say next: {link: next}',
        )
      : undefined,
    path === undefined ? undefined : cursorPlace([...at, 'path'], path),
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

type Paths = Readonly<Record<string, string | undefined>>;

/** No two members lie in the same place, or one within the other; told of one that the profile names. */
function clashes(named: Paths, usual: Paths, within: string): (ProfileProblem | undefined)[] {
  const isNamed = ([, path]: readonly [string, string | undefined]): boolean => path !== undefined;
  const leftOut = Object.entries(usual).filter(([name]) => named[name] === undefined);
  const paths = [...leftOut, ...Object.entries(named)].filter(isNamed) as [string, string][];
  return paths.map(([name, path], index) => {
    const clash = paths
      .slice(0, index)
      .find(([, other]) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
    return clash === undefined
      ? undefined
      : problem(
          [...within.split('.'), ...name.split('.')],
          `"${path}" is where ${within}.${clash[0]} is too ("${clash[1]}"): each needs a place of its own`,
        );
  });
}

/** An address that may be two calls leaves open which of them the vault makes. */
function sharedAddresses(
  provider: NonNullable<ProfileDocument['provider']>,
): readonly (ProfileProblem | undefined)[] {
  const listing = provider.listing?.path ?? CONTRACT_PROVIDER.listing.path.text;
  const health = provider.health?.path ?? CONTRACT_PROVIDER.health.path.text;
  const payload =
    provider.payload === 'inline' ? undefined : (provider.payload ?? CONTRACT_PROVIDER.payload?.text);
  const same = (one: string, other: string): boolean =>
    new AddressTemplate(one).read(new URL(sample(other), 'http://provider.invalid')) !== undefined;
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
    payload !== undefined && (same(listing, payload) || same(payload, listing) || same(payload, health))
      ? problem(
          ['provider', 'payload'],
          `"${payload}" looks like another call ("${listing}", "${health}"): their paths have to differ`,
        )
      : undefined,
  ];
}

function sample(text: string): string {
  const address = new AddressTemplate(text);
  return address.path(Object.fromEntries(address.names.map((name) => [name, `some-${name}`])));
}

function unknownRequirements(requirementIds: readonly string[]): Rule {
  return ({ not_claimed: unclaimed = {} }) =>
    Object.keys(unclaimed).map((id) =>
      requirementIds.includes(id)
        ? undefined
        : problem(
            ['not_claimed', id],
            `${id} is no requirement${nearest(id, requirementIds)}: features/requirements.md lists them`,
          ),
    );
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
  return template(at, text, known, needed);
}

function template(
  at: readonly string[],
  text: string,
  known: readonly string[],
  needed: readonly string[],
): ProfileProblem | undefined {
  const { names } = new Template(text);
  const unknown = names.find((name) => !known.includes(name));
  const allowed = known.length === 0 ? 'no name can stand there' : `it can have ${listed(known)}`;
  if (unknown !== undefined)
    return problem(at, `"${text}" has the name {${unknown}}${nearest(unknown, known)}: ${allowed}`);
  if (/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, '')))
    return problem(at, `"${text}" has a brace without its partner`);
  const missing = needed.filter((name) => !names.includes(name));
  return missing.length === 0 ? undefined : problem(at, `"${text}" lacks ${listed(missing)}: ${allowed}`);
}

function listed(names: readonly string[]): string {
  return names.map((name) => `{${name}}`).join(', ');
}

function problem(at: readonly string[], words: string): ProfileProblem {
  return { at, words };
}
