import type { Job } from '../../services/job-service';
import { providerRefusals } from '../provider/provider-complaints';
import type { ProviderScript } from '../provider/provider-script';

const MOST_REFUSALS = 3;

/**
 * How a job ended, for the engineer whose vault should have completed it: what the vault says of it, and what the provider
 * knows that the vault may not: which calls were wrong in themselves.
 */
export function jobEnd({ jobId, state, error }: Job, provider: ProviderScript): string {
  const because =
    error === undefined ? `is ${state}, without an error` : `ended with ${error.code}: ${error.message}`;
  const refusals = providerRefusals(provider);
  if (refusals.length === 0) return `job ${jobId} ${because}`;
  const more = refusals.length > MOST_REFUSALS ? `, and ${refusals.length - MOST_REFUSALS} more` : '';
  return `job ${jobId} ${because}; the provider turned away ${refusals.slice(0, MOST_REFUSALS).join(', ')}${more}`;
}
