import type { Environment } from './environment';

let environment: Environment | undefined;

/** The environment of this worker: composed before its first scenario, closed after its last. */
export function currentEnvironment(): Environment {
  if (environment === undefined)
    throw new Error('no environment was composed yet: is support/hooks.ts loaded?');
  return environment;
}

export function setCurrentEnvironment(composed: Environment | undefined): void {
  environment = composed;
}
