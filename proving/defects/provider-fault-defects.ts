import { providerFault, VaultFault } from '../../reference-vault/faults';
import type { LogDocument } from '../../reference-vault/persistence/documents';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { archiving, isFault, listing, rescued } from './part-changes';
import { failing, responding, takenFor } from './provider-changes';

/** Bugs in what a vault makes of a provider's faults. */
export const providerFaultDefects: readonly Defect[] = [
  ...breaking('RES-10', {
    'throttling-taken-for-refusal: takes 429 for a refusal like other 4xx': takenFor('rejected', / 429 /),
    'bad-gateway-taken-for-refusal: tries again after 503 and 500 alone': takenFor('rejected', / 50[24] /),
    'rare-server-errors-taken-for-refusals: knows 500, 502, 503 and 504, and takes the rest for refusals':
      takenFor('rejected', / 5(?!0[0234] )\d\d /),
    'server-error-taken-for-refusal: tries again after 503 alone': takenFor('rejected', / 500 /),
    'outage-of-provider-not-retried: does not try again after 503': takenFor('rejected', / 503 /),
    'provider-reset-not-retried: does not try again after a reset': takenFor('rejected', /broke off/),
    'provider-silence-not-retried: does not try again after silence': takenFor('rejected', /stayed silent/),
    'strange-listing-not-retried: fails a job over a listing that is none': takenFor(
      'rejected',
      /not a listing/,
    ),
    'strange-listing-taken-for-empty: takes a listing that it cannot read for one without logs': {
      'providerClient.listPage': async ({ real }, ...args) =>
        await real.listPage(...args).catch((error: unknown) => {
          if (/not a listing/.test(String(error))) return { logs: [], nextCursor: null };
          throw error;
        }),
    },
    'later-pages-given-up: takes what it has when a later page cannot be had': {
      'providerClient.listPage': async ({ real }, providerId, range, cursor, signal) =>
        await real.listPage(providerId, range, cursor, signal).catch((error: unknown) => {
          if (cursor === undefined) throw error;
          return { logs: [], nextCursor: null };
        }),
    },
    'strange-later-page-taken-for-the-end: takes a later page that it cannot read for the end of the listing':
      listing(
        async (list, providerId, range, cursor, signal) =>
          await list(providerId, range, cursor, signal).catch((error: unknown) => {
            if (cursor !== undefined && /not a listing/.test(String(error)))
              return { logs: [], nextCursor: null };
            throw error;
          }),
      ),
  }),
  ...breaking('RES-12', {
    'provider-outage-taken-for-a-bug: fails a job with internal_error when a provider stays away': failing(
      (fault) =>
        fault.code === 'provider_unavailable'
          ? new VaultFault('internal_error', fault.message, { transient: true })
          : fault,
    ),
    'unreachable-logs-passed-over: completes a job without the logs that it could not have':
      passingOver('provider_unavailable'),
  }),
  ...breaking('RES-13', {
    'withdrawn-key-retried: tries again after 401, in case the provider was busy': takenFor(
      'unavailable',
      / 401 /,
    ),
    'forbidden-for-now-retried: takes 403 with Retry-After for a rate limit, as some providers have it':
      responding(async (response) =>
        response.status === 403 && response.headers['retry-after'] !== undefined
          ? { ...response, status: 429 }
          : response,
      ),
    'forbidden-retried: tries again after 403': takenFor('unavailable', / 403 /),
    'forbidden-called-rejected: calls 403 a rejection': takenFor('rejected', / 403 /),
    'withdrawn-key-called-rejected: calls 401 a rejection, like every 4xx': takenFor('rejected', / 401 /),
  }),
  ...breaking('RES-14', {
    'missing-payload-retried: tries again after 404, in case the provider is behind': failing((fault) =>
      fault.code === 'provider_rejected' ? providerFault('unavailable', fault.message) : fault,
    ),
    'request-timeout-retried: tries again after 408, as HTTP libraries do unasked': takenFor(
      'unavailable',
      / 408 /,
    ),
    'first-fault-reported: says what went wrong first, not what it gave up for': {
      'retryPolicy.byAttempts': async ({ real }, call, signal) => {
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
    },
    'missing-payload-passed-over: completes a job without the logs that its provider does not have any more':
      passingOver('provider_rejected'),
    'provider-redirect-followed: follows the redirects of a provider': responding(async (response, again) => {
      const { location } = response.headers;
      return response.status >= 300 && response.status < 400 && location !== undefined
        ? await again(location)
        : response;
    }),
    'any-success-taken: takes 204 and 206 for 200': responding(async (response) =>
      response.status < 300 ? { ...response, status: 200 } : response,
    ),
    'not-modified-taken-for-empty: takes every answer below 400 for a success': responding(
      async (response) => (response.status < 400 ? { ...response, status: 200 } : response),
    ),
  }),
  ...breaking('RES-15', {
    'wrong-digest-not-retried: fails a job over a payload that does not match its digest': takenFor(
      'rejected',
      /Content-Digest/,
    ),
  }),
];

/** Logs whose payload cannot be had for this reason are left out, and the job goes on. */
function passingOver(code: VaultFault['code']): Change {
  return archiving(
    async (real, ...args) =>
      await rescued(real.archive(...args), isFault, (fault) => {
        if (fault.code === code) return undefined as unknown as LogDocument;
        throw fault;
      }),
  );
}
