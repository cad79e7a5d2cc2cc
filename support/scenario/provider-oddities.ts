import type { PayloadDelivery } from '../provider/offered-log';
import type { ProviderTarget } from '../provider/provider-request';
import type { ScenarioScope } from './scenario-scope';

/** The longest id there may be (contract, section 2). */
const LONGEST_ID_CHARACTERS = 200;

/** Ids as providers have them, by what is odd about them; `tag` makes each the scenario's own. */
const ids: Readonly<Record<string, (tag: string) => string>> = {
  slashes: (tag) => `2026/01/evt/${tag}`,
  spaces: (tag) => ` evt 1 ${tag} `,
  'a percent sign': (tag) => `100%${tag}`,
  'characters that look percent-encoded': (tag) => `evt%2F1%20${tag}`,
  'a plus sign': (tag) => `evt+1+${tag}`,
  'a question mark and a hash': (tag) => `evt?limit=1&x=#${tag}`,
  'dots and slashes': (tag) => `../../${tag}/..`,
  'colons and semicolons': (tag) => `urn:evt:1;v=2,@${tag}`,
  'quotes and brackets': (tag) => `"evt" <'1'> [{${tag}}] \\ |^\``,
  'letters of many alphabets': (tag) => `événement-監査-журнал-${tag}`,
  'characters beyond 16 bits': (tag) => `🔐𠜎-${tag}`,
  'a tab and a line break': (tag) => `evt\t${tag}\n1`,
  '200 characters': (tag) => tag.padEnd(LONGEST_ID_CHARACTERS, '監'),
  '200 characters beyond 16 bits': (tag) => `${tag}${'𠜎'.repeat(LONGEST_ID_CHARACTERS - tag.length)}`,
};

/** Cursors as providers have them; those not in here are what they are called. */
const cursors: Readonly<Record<string, string>> = {
  'characters that look percent-encoded': 'page%2F2%20',
  '2,000 characters': 'c'.repeat(2_000),
};

/** How a payload may travel, by the words of a feature file. */
const deliveries: Readonly<Record<string, PayloadDelivery>> = {
  'compressed in transport': { gzip: true },
  'byte by byte': { chunkBytes: 1 },
  'little by little': { chunkBytes: 50, paceMs: 10 },
  'piece by piece': { chunkBytes: 32 * 1024, paceMs: 5 },
  'in chunks of 7 bytes': { chunkBytes: 7 },
  'compressed and in chunks': { gzip: true, chunkBytes: 64 },
  'with its digest': { contentDigest: true },
  'in chunks with its digest': { chunkBytes: 100, contentDigest: true },
  'compressed, with the digest of what is sent': { gzip: true, contentDigest: true },
  'with its digests by two algorithms': { contentDigest: true, digestAlgorithms: ['sha-512', 'sha-256'] },
  'declared as application/json; charset=utf-8': { contentType: 'application/json; charset=utf-8' },
};

/**
 * Returns an id as a provider gives one.
 * @param words `is 007`: that very id; `has slashes`, …: one of this scenario alone with something odd in it
 * @throws Error for words it does not know
 */
export function sourceIdOf(scope: ScenarioScope, words: string): string {
  if (words.startsWith('is ')) return words.slice('is '.length);
  return known(ids, words.replace(/^has /, ''), 'id')(scope.sourceId(''));
}

/** The cursor that a feature file names, such as `0` or `2,000 characters`. */
export function oddCursor(words: string): string {
  return cursors[words] ?? words;
}

/** @throws Error for words it does not know */
export function deliveryOf(words: string): PayloadDelivery {
  return known(deliveries, words, 'delivery');
}

/**
 * Returns what a fault is armed against. @param words `every listing`, `its listing`, `the further pages of
 * its listing`, or the name of a log
 */
export function providerTargetOf(scope: ScenarioScope, words: string): ProviderTarget {
  if (words === 'every listing') return { kind: 'listing' };
  const [first] = scope.logs;
  if (first === undefined)
    throw new Error('nothing is offered yet; let a provider offer logs in a Given first');
  const listing = { kind: 'listing', providerId: first.providerId } as const;
  if (words === 'its listing') return listing;
  if (words === 'the further pages of its listing') return { ...listing, furtherPages: true };
  const { providerId, sourceId } = scope.log(words.replaceAll('"', ''));
  return { kind: 'payload', providerId, sourceId };
}

function known<T>(things: Readonly<Record<string, T>>, words: string, what: string): T {
  const thing = things[words];
  if (thing === undefined)
    throw new Error(`no ${what} is called "${words}"; there are: ${Object.keys(things).join(', ')}`);
  return thing;
}
