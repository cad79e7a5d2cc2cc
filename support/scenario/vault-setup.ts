import { DEFAULT_SETTINGS } from '../environments/default-settings';
import type { RunSettings } from '../environments/vault-under-test';

/** How a vault may be set up, by the words of feature files that follow "a vault". */
const kinds: readonly (readonly [RegExp, (...values: readonly string[]) => Partial<RunSettings>])[] = [
  [
    /^that is told only where its provider and its stores are$/,
    () => ({ ...DEFAULT_SETTINGS, unsaid: true }),
  ],
  [/^whose waits between attempts begin with (\d+) ms$/, (ms) => ({ retryBaseMs: Number(ms) })],
  [/^that gives each call (\d+) seconds$/, (seconds) => ({ callTimeoutMs: Number(seconds) * 1_000 })],
  [
    /^that works on (\d+) jobs? at a time and lets (\d+) wait$/,
    (jobs, waiting) => ({ concurrency: Number(jobs), queueLimit: Number(waiting) }),
  ],
  [/^whose machine is set to the time zone of Los Angeles$/, () => ({ timeZone: 'America/Los_Angeles' })],
  [/^whose provider's address has the path (\S+)$/, (path = '') => ({ providerPath: path })],
];

/**
 * Returns the settings of the vault that a feature file describes.
 * @param words `that gives each call 10 seconds`, …
 * @throws Error for words it does not know
 */
export function vaultSetupOf(words: string): Partial<RunSettings> {
  for (const [pattern, setup] of kinds) {
    const [match, ...values] = pattern.exec(words) ?? [];
    if (match !== undefined) return setup(...values);
  }
  const known = kinds.map(([pattern]) => pattern.source.replaceAll(/[\^$]/g, ''));
  throw new Error(`no vault is set up as one "${words}"; there are: ${known.join(', ')}`);
}
