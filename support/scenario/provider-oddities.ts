import { expectTries } from '../profile/not-of-this-shape';
import type { PayloadDelivery } from '../provider/offered-log';
import type { ProviderFault } from '../provider/provider-faults';
import type { ProviderTarget } from '../provider/provider-request';
import type { ProviderScript } from '../provider/provider-script';
import type { ScenarioScope } from './scenario-scope';

/** The longest id there may be (contract, section 2). */
const LONGEST_ID_CHARACTERS = 200;

/** Ids as providers have them, by what is odd about them; `tag` makes each the scenario's own. */
const ids: Readonly<Record<string, (tag: string) => string>> = {
  slashes: (tag) => `2026/01/evt/${tag}`,
  spaces: (tag) => ` evt 1 ${tag} `,
  'characters that look percent-encoded': (tag) => `evt%2F1%20${tag}`,
  'letters of many alphabets': (tag) => `événement-監査-журнал-${tag}`,
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
  'little by little': { chunkBytes: 50, paceMs: 10 },
  'piece by piece': { chunkBytes: 32 * 1024, paceMs: 5 },
  'in chunks of 7 bytes': { chunkBytes: 7 },
  'with its digest': { contentDigest: true },
  'compressed, with the digest of what is sent': { gzip: true, contentDigest: true },
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

/**
 * Has a provider meet one call after the other with one fault after the other.
 * @throws NotOfThisShape where these are more than the vault tries
 */
export function armInTurn(
  provider: ProviderScript,
  target: ProviderTarget,
  faults: readonly ProviderFault[],
): void {
  expectTries(faults.length, provider.mostTries);
  for (const fault of faults) provider.arm(target, fault, 1);
}

function known<T>(things: Readonly<Record<string, T>>, words: string, what: string): T {
  const thing = things[words];
  if (thing === undefined)
    throw new Error(`no ${what} is called "${words}"; there are: ${Object.keys(things).join(', ')}`);
  return thing;
}
