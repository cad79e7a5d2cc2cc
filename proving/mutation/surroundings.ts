import { SuiteError } from '../../support/bytes/errors';
import type { TrialSurroundings } from '../defects/runner/trial';

const VARIABLE = 'AUDIT_VAULT_MUTATION';

/** Tells every test runner that Stryker starts where it runs. */
export function publishSurroundings(surroundings: TrialSurroundings): void {
  process.env[VARIABLE] = JSON.stringify(surroundings);
}

/** @throws SuiteError when Stryker was not started by `npm run mutation` */
export function surroundings(): TrialSurroundings {
  const text = process.env[VARIABLE];
  if (text === undefined)
    throw new SuiteError('There is no MongoDB for Stryker: start it by "npm run mutation".');
  return JSON.parse(text) as TrialSurroundings;
}
