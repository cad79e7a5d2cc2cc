import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { PartFactories } from '../../reference-vault/parts';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { Defect } from './defect';
import { archiving, listing, replacing } from './part-changes';
import { failing, responding } from './provider-changes';

/** Bugs in what a vault makes of a provider's faults. */
export const providerTroubleDefects: readonly Defect[] = [
  failing('throttling-taken-for-refusal', 'RES-10', 'takes 429 for a refusal like other 4xx', (fault) =>
    fault.message.includes(' 429 ') ? providerFault('rejected', fault.message) : fault,
  ),
  failing('bad-gateway-taken-for-refusal', 'RES-10', 'tries again after 503 and 500 alone', (fault) =>
    / 50[24] /.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing(
    'rare-server-errors-taken-for-refusals',
    'RES-10',
    'knows 500, 502, 503 and 504, and takes every other status for a refusal',
    (fault) =>
      / 5\d\d /.test(fault.message) && !/ 50[0234] /.test(fault.message)
        ? providerFault('rejected', fault.message)
        : fault,
  ),
  failing('server-error-taken-for-refusal', 'RES-10', 'tries again after 503 alone', (fault) =>
    / 500 /.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing('outage-of-provider-not-retried', 'RES-10', 'does not try again after 503', (fault) =>
    / 503 /.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing('provider-reset-not-retried', 'RES-10', 'does not try again after a reset', (fault) =>
    /broke off/.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing('provider-silence-not-retried', 'RES-10', 'does not try again after silence', (fault) =>
    /stayed silent/.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing('strange-listing-not-retried', 'RES-10', 'fails a job over a listing that is none', (fault) =>
    /not a listing/.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  {
    name: 'strange-listing-taken-for-empty',
    sentence: 'takes a listing that it cannot read for one without logs',
    requirement: 'RES-10',
    smoke: true,
    replacements: replacing('providerClient', (real) => ({
      listPage: async (...args) =>
        await real.listPage(...args).catch((error: unknown) => {
          if (/not a listing/.test(String(error))) return { logs: [], nextCursor: null };
          throw error;
        }),
    })),
  },
  {
    name: 'later-pages-given-up',
    sentence: 'takes what it has when a later page cannot be had',
    requirement: 'RES-10',
    replacements: replacing('providerClient', (real) => ({
      listPage: async (providerId, range, cursor, signal) =>
        await real.listPage(providerId, range, cursor, signal).catch((error: unknown) => {
          if (cursor === undefined) throw error;
          return { logs: [], nextCursor: null };
        }),
    })),
  },
  {
    name: 'strange-later-page-taken-for-the-end',
    sentence: 'takes a later page that it cannot read for the end of the listing',
    requirement: 'RES-10',
    replacements: listing(
      async (list, providerId, range, cursor, signal) =>
        await list(providerId, range, cursor, signal).catch((error: unknown) => {
          if (cursor !== undefined && /not a listing/.test(String(error)))
            return { logs: [], nextCursor: null };
          throw error;
        }),
    ),
  },
  failing(
    'provider-outage-taken-for-a-bug',
    'RES-12',
    'fails a job with internal_error when a provider stays away',
    (fault) =>
      fault.code === 'provider_unavailable'
        ? new VaultFault('internal_error', fault.message, { transient: true })
        : fault,
  ),
  {
    name: 'unreachable-logs-passed-over',
    sentence: 'completes a job without the logs that it could not have',
    requirement: 'RES-12',
    replacements: passingOver('provider_unavailable'),
  },
  failing(
    'withdrawn-key-retried',
    'RES-13',
    'tries again after 401, in case the provider was busy',
    (fault) => (/ 401 /.test(fault.message) ? providerFault('unavailable', fault.message) : fault),
  ),
  {
    name: 'forbidden-for-now-retried',
    sentence: 'takes 403 with Retry-After for a rate limit, as some providers have it',
    requirement: 'RES-13',
    replacements: responding(async (response) =>
      response.status === 403 && response.headers['retry-after'] !== undefined
        ? { ...response, status: 429 }
        : response,
    ),
  },
  failing('forbidden-retried', 'RES-13', 'tries again after 403', (fault) =>
    / 403 /.test(fault.message) ? providerFault('unavailable', fault.message) : fault,
  ),
  failing('forbidden-called-rejected', 'RES-13', 'calls 403 a rejection', (fault) =>
    / 403 /.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing('withdrawn-key-called-rejected', 'RES-13', 'calls 401 a rejection, like every 4xx', (fault) =>
    / 401 /.test(fault.message) ? providerFault('rejected', fault.message) : fault,
  ),
  failing(
    'missing-payload-retried',
    'RES-14',
    'tries again after 404, in case the provider is behind',
    (fault) => (fault.code === 'provider_rejected' ? providerFault('unavailable', fault.message) : fault),
  ),
  failing(
    'request-timeout-retried',
    'RES-14',
    'tries again after 408, as HTTP libraries do unasked',
    (fault) => (/ 408 /.test(fault.message) ? providerFault('unavailable', fault.message) : fault),
  ),
  {
    name: 'first-fault-reported',
    sentence: 'says what went wrong first, not what it gave up for',
    requirement: 'RES-14',
    replacements: replacing('retryPolicy', (real) => ({
      byAttempts: async (call, signal) => {
        let first: unknown;
        const noting = async () =>
          await call().catch((error: unknown) => {
            first ??= error;
            throw error;
          });
        return await real.byAttempts(noting, signal).catch((last: unknown) => {
          throw signal.aborted ? last : (first ?? last);
        });
      },
    })),
  },
  {
    name: 'missing-payload-passed-over',
    sentence: 'completes a job without the logs that its provider does not have any more',
    requirement: 'RES-14',
    smoke: true,
    replacements: passingOver('provider_rejected'),
  },
  {
    name: 'provider-redirect-followed',
    sentence: 'follows the redirects of a provider',
    requirement: 'RES-14',
    replacements: responding(async (response, again) => {
      const { location } = response.headers;
      return response.status >= 300 && response.status < 400 && location !== undefined
        ? await again(location)
        : response;
    }),
  },
  {
    name: 'any-success-taken',
    sentence: 'takes 204 and 206 for 200',
    requirement: 'RES-14',
    replacements: responding(async (response) =>
      response.status < 300 ? { ...response, status: 200 } : response,
    ),
  },
  {
    name: 'not-modified-taken-for-empty',
    sentence: 'takes every answer below 400 for a success',
    requirement: 'RES-14',
    replacements: responding(async (response) =>
      response.status < 400 ? { ...response, status: 200 } : response,
    ),
  },
  failing(
    'wrong-digest-not-retried',
    'RES-15',
    'fails a job over a payload that does not match its digest',
    (fault) => (/Content-Digest/.test(fault.message) ? providerFault('rejected', fault.message) : fault),
  ),
];

/** Logs whose payload cannot be had for this reason are left out, and the job goes on. */
function passingOver(code: VaultFault['code']): Partial<PartFactories> {
  return archiving(async (real, ...args) => {
    try {
      return await real.archive(...args);
    } catch (error) {
      if (error instanceof VaultFault && error.code === code) return undefined as unknown as LogDocument;
      throw error;
    }
  });
}
