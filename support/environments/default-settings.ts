import type { RunSettings } from './vault-under-test';

/**
 * The settings of a vault that is told nothing else (contract, section 6). Which providers it knows, it has
 * to be told.
 */
export const DEFAULT_SETTINGS: Omit<RunSettings, 'providers'> = {
  retryBaseMs: 100,
  retryMaxAttempts: 5,
  leaseMs: 5000,
  queueLimit: 1000,
  concurrency: 4,
  callTimeoutMs: 3000,
};
