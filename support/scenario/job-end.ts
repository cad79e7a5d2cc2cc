import { expect } from 'chai';
import type { Job } from '../../services/job-service';
import { count } from '../bytes/safe-text';
import { providerRefusals } from '../provider/provider-findings';
import type { ProviderScript } from '../provider/provider-script';

const MOST_REFUSALS = 3;
const MOST_JOBS = 5;

/**
 * Each of these jobs has to have completed; else the failure says all that is known of why it did not.
 * @param name how the scenario calls them, where its reader does not know them by their ids
 */
export function expectCompleted(
  jobs: readonly Job[],
  provider: ProviderScript,
  name: (job: Job) => string = ({ jobId }) => `job ${jobId}`,
): void {
  const failed = jobs.filter(({ state }) => state !== 'completed');
  if (failed.length === 0) return;
  const shown = failed.slice(0, MOST_JOBS).map((job) => endOf(job, name(job)));
  const more = failed.length > MOST_JOBS ? `, and ${failed.length - MOST_JOBS} more` : '';
  const words = `${shown.join('; ')}${more}${refusalsOf(provider)}`;
  if (jobs.length === 1) expect.fail(`${words}; it was to complete`);
  expect.fail(`${failed.length} of ${count(jobs.length, 'job')} did not complete: ${words}`);
}

function endOf({ state, error }: Job, name: string): string {
  return error === undefined
    ? `${name} is ${state}, without an error`
    : `${name} ended with ${error.code}: ${error.message.replace(/\.$/, '')}`;
}

/** Returns the calls that were wrong in themselves: the provider knows of them, the vault may not. */
function refusalsOf(provider: ProviderScript): string {
  const refusals = providerRefusals(provider);
  if (refusals.length === 0) return '';
  const more = refusals.length > MOST_REFUSALS ? `, and ${refusals.length - MOST_REFUSALS} more` : '';
  return `; the provider turned away ${refusals.slice(0, MOST_REFUSALS).join(', ')}${more}`;
}
