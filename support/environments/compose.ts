import { runContext } from '../run/run-context';
import type { Environment } from './environment';

/** Composes the environment of this worker, as the coordinator chose it for the run. */
export async function composeEnvironment(): Promise<Environment> {
  const context = runContext();
  // Loaded as needed: a wire run has no use for the reference vault, an embedded one none for the wire mocks.
  const { composeEmbedded } = require('./embedded') as typeof import('./embedded');
  return await composeEmbedded(context);
}
