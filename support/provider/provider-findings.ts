import type { ProviderScript } from './provider-script';

/**
 * Tells what was meant to be asked of the provider and was not, and what was asked though no contract names
 * it (a vault that follows a redirect shows here too), in sentences.
 */
export function providerFindings(script: ProviderScript, baseUrl: string): string[] {
  const asked = new Set(
    script.requests.filter(({ kind }) => kind === 'listing').map(({ providerId }) => providerId),
  );
  const neglected = new Set(
    script.offered.map(({ providerId }) => providerId).filter((providerId) => !asked.has(providerId)),
  );
  const strangers = new Set(script.requests.filter(({ kind }) => kind === 'unknown').map(({ path }) => path));
  return [
    ...[...neglected].map(
      (providerId) =>
        `the scenario offers logs, but the vault never asked for them: GET ${baseUrl}${script.basePath}${script.dialect.listingPath(providerId)}`,
    ),
    ...[...strangers].map((path) => `the vault called GET ${path} of the provider, which has no such call`),
  ];
}

/**
 * The calls that the provider turned away for what was wrong with them, each once: why a job failed that
 * should not have.
 */
export function providerRefusals({ requests }: ProviderScript): string[] {
  const refusals = requests
    .filter(({ refusal }) => refusal !== undefined)
    .map(({ path, answer, refusal }) => `GET ${path} (${answer}: ${refusal})`);
  return [...new Set(refusals)];
}
