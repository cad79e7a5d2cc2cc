import { setTimeout as pause } from 'node:timers/promises';
import { VaultFault } from '../../reference-vault/faults';
import { renderError } from '../../reference-vault/ingestion-api/error-rendering';
import { JobUnknown } from '../../reference-vault/ingestion-api/job-status';
import { LogUnknown } from '../../reference-vault/retrieval/raw-retrieval';
import type { Defect } from './defect';
import { opening, replacing } from './part-changes';

/** Bugs in what a vault does without its database. */
export const metadataOutageDefects: readonly Defect[] = [
  {
    name: 'metadata-given-200-ms',
    sentence: 'fails a job whose metadata cannot be written within 200 ms',
    requirement: 'RES-30',
    replacements: replacing('logRepository', (real) => ({
      add: async (records) => await within200Ms(real.add(records)),
    })),
  },
  {
    name: 'counts-given-200-ms',
    sentence: 'fails a job that cannot be counted within 200 ms of its end',
    requirement: 'RES-30',
    replacements: replacing('logRepository', (real) => {
      const failed = new Set<string>();
      return {
        metricsOf: async (jobId) => {
          // The next time is for the record of the failure. Whoever looks at a running job counts as well.
          if (failed.has(jobId)) return await real.metricsOf(jobId);
          try {
            return await within200Ms(real.metricsOf(jobId));
          } catch (error) {
            failed.add(jobId);
            throw error;
          }
        },
      };
    }),
  },
  {
    name: 'search-empty-without-metadata',
    sentence: 'shows an empty page when the search fails',
    requirement: 'RES-32',
    replacements: replacing('search', (real) => ({
      page: async (request) => {
        try {
          return await real.page(request);
        } catch (error) {
          if (!isMetadataFault(error)) throw error;
          return { data: [], meta: { total_count: 0, has_more: false } };
        }
      },
    })),
  },
  {
    name: 'search-hasty-and-empty',
    sentence: 'gives the search 100 ms, and shows what it has by then',
    requirement: 'RES-31',
    replacements: replacing('search', (real) => ({
      page: async (request) => {
        const nothing = { data: [], meta: { total_count: 0, has_more: false } };
        const late = new Promise<typeof nothing>((resolve) => setTimeout(() => resolve(nothing), 100));
        return await Promise.race([real.page(request), late]);
      },
    })),
  },
  {
    name: 'log-unknown-without-metadata',
    sentence: 'takes a failed look-up for a log that is not there',
    requirement: 'RES-32',
    replacements: opening(async (real, ...args) => {
      try {
        return await real.open(...args);
      } catch (error) {
        throw isMetadataFault(error) ? new LogUnknown('There is no such log.') : error;
      }
    }),
  },
  {
    name: 'job-unknown-without-metadata',
    sentence: 'takes a failed look-up for a job that is not there',
    requirement: 'RES-32',
    replacements: replacing('jobStatus', (real) => ({
      of: async (jobId) => {
        try {
          return await real.of(jobId);
        } catch (error) {
          throw isMetadataFault(error) ? new JobUnknown('There is no such job.') : error;
        }
      },
    })),
  },
  {
    name: 'ingestion-accepted-without-metadata',
    sentence: 'accepts a job that it could not write down',
    requirement: 'RES-32',
    replacements: replacing('jobRepository', (real) => ({
      submit: async (request) => {
        try {
          return await real.submit(request);
        } catch (error) {
          if (!isMetadataFault(error)) throw error;
          return { jobId: `job_${Date.now().toString(16).padStart(24, '0')}`, ahead: 0 };
        }
      },
    })),
  },
  rendered('metadata-outage-answered-500', 'lets a failed query become 500', { status: 500 }),
  rendered('metadata-outage-without-retry-after', 'does not say when to ask again', { headers: {} }),
  {
    name: 'metadata-retried-for-20-seconds',
    sentence: 'goes on trying for longer than its caller may wait',
    requirement: 'RES-32',
    replacements: replacing('retryPolicy', (real) => ({
      byTime: async (call, signal) => {
        const endMs = performance.now() + 20_000;
        for (;;) {
          try {
            return await real.byTime(call, signal);
          } catch (error) {
            if (!isMetadataFault(error) || performance.now() > endMs) throw error;
          }
        }
      },
    })),
  },
  {
    name: 'connection-never-made-again',
    sentence: 'keeps a client that has failed once',
    requirement: 'RES-33',
    replacements: replacing('metadataStore', (real) => {
      let broken: unknown;
      return {
        run: async (call) => {
          if (broken !== undefined) throw broken;
          try {
            return await real.run(call);
          } catch (error) {
            if (isMetadataFault(error)) broken = error;
            throw error;
          }
        },
      };
    }),
  },
  {
    name: 'worker-ends-without-metadata',
    sentence: 'ends its loop at the first error of the queue',
    requirement: 'RES-33',
    replacements: replacing('jobRepository', (real) => {
      let over = false;
      return {
        claim: async () => {
          if (over) return undefined;
          try {
            return await real.claim();
          } catch (error) {
            over = true;
            throw error;
          }
        },
      };
    }),
  },
  {
    name: 'interrupted-job-forgotten',
    sentence:
      'only ever takes pending jobs from the queue, so that one it gave up during an outage stays processing',
    requirement: 'RES-34',
    replacements: replacing('jobRepository', (real) => ({
      claim: async () => {
        const claim = await real.claim();
        // It stays held by nobody, as if it had not been found.
        return claim?.resumed === true ? undefined : claim;
      },
    })),
  },
  {
    name: 'outage-of-metadata-called-internal-error',
    sentence: 'fails a job that MongoDB interrupted, as if the vault were to blame',
    requirement: 'RES-34',
    replacements: replacing('pipeline', (real) => ({
      run: async (claim, signal) => {
        if (claim.resumed)
          throw new VaultFault('internal_error', 'The job was interrupted.', { transient: false });
        return await real.run(claim, signal);
      },
    })),
  },
];

async function within200Ms<T>(call: Promise<T>): Promise<T> {
  const late = pause(200).then((): never => {
    throw new VaultFault('metadata_unavailable', 'MongoDB does not answer.', { transient: false });
  });
  return await Promise.race([call, late]).finally(() => late.catch(() => undefined));
}

function isMetadataFault(error: unknown): error is VaultFault {
  return error instanceof VaultFault && error.code === 'metadata_unavailable';
}

function rendered(
  name: string,
  sentence: string,
  change: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> },
): Defect {
  return {
    name,
    sentence,
    requirement: 'RES-32',
    replacements: {
      errorRenderer: () => (error) =>
        isMetadataFault(error) ? { ...renderError(error), ...change } : renderError(error),
    },
  };
}
