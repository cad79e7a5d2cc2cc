import { setTimeout as pause } from 'node:timers/promises';
import { VaultFault } from '../../reference-vault/faults';
import { JobUnknown } from '../../reference-vault/ingestion-api/job-status';
import { LogUnknown } from '../../reference-vault/retrieval/raw-retrieval';
import { SilentCall } from '../../reference-vault/silence';
import { breaking, type Defect } from './defect';
import { opening, rendering, replacing, rescued } from './part-changes';

const NOTHING = { data: [], meta: { total_count: 0, has_more: false } };

/** Bugs in what a vault does without its database. */
export const metadataOutageDefects: readonly Defect[] = [
  ...breaking('RES-30', {
    'metadata-given-200-ms: fails a job whose metadata cannot be written within 200 ms': {
      'logRepository.add': async ({ real }, records) => await within200Ms(real.add(records)),
    },
    'counts-given-200-ms: fails a job that cannot be counted within 200 ms of its end': replacing(
      'logRepository',
      (real) => {
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
      },
    ),
  }),
  ...breaking('RES-32', {
    'search-empty-without-metadata: shows an empty page when the search fails': {
      'search.page': async ({ real }, request) =>
        await rescued(real.page(request), isMetadataFault, () => NOTHING),
    },
    'log-unknown-without-metadata: takes a failed look-up for a log that is not there': opening(
      async (real, ...args) =>
        await rescued(real.open(...args), isMetadataFault, () => {
          throw new LogUnknown('There is no such log.');
        }),
    ),
    'job-unknown-without-metadata: takes a failed look-up for a job that is not there': {
      'jobStatus.of': async ({ real }, jobId) =>
        await rescued(real.of(jobId), isMetadataFault, () => {
          throw new JobUnknown('There is no such job.');
        }),
    },
    'ingestion-accepted-without-metadata: accepts a job that it could not write down': {
      'jobRepository.submit': async ({ real }, request) =>
        await rescued(real.submit(request), isMetadataFault, () => ({
          jobId: `job_${Date.now().toString(16).padStart(24, '0')}`,
          ahead: 0,
        })),
    },
    'metadata-outage-answered-500: lets a failed query become 500': rendering(isMetadataFault, () => ({
      status: 500,
    })),
    'metadata-outage-without-retry-after: does not say when to ask again': rendering(isMetadataFault, () => ({
      headers: {},
    })),
    'silent-metadata-waited-for: waits for a MongoDB that does not answer for as long as that takes': {
      'metadataStore.run': async ({ real }, call) => {
        for (;;) {
          try {
            return await real.run(call);
          } catch (error) {
            if (!(error instanceof VaultFault && error.cause instanceof SilentCall)) throw error;
          }
        }
      },
    },
    'metadata-retried-for-20-seconds: goes on trying for longer than its caller may wait': {
      'retryPolicy.byTime': async ({ real }, call, signal) => {
        const endMs = performance.now() + 20_000;
        for (;;) {
          try {
            return await real.byTime(call, signal);
          } catch (error) {
            if (!isMetadataFault(error) || performance.now() > endMs) throw error;
          }
        }
      },
    },
  }),
  ...breaking('RES-31', {
    'search-hasty-and-empty: gives the search 100 ms, and shows what it has by then': {
      'search.page': async ({ real }, request) => {
        const late = pause(100).then(() => NOTHING);
        return await Promise.race([real.page(request), late]);
      },
    },
  }),
  ...breaking('RES-33', {
    'connection-never-made-again: keeps a client that has failed once': replacing('metadataStore', (real) => {
      let broken: unknown;
      return {
        run: async (call) => {
          if (broken !== undefined) throw broken;
          return await rescued(real.run(call), isMetadataFault, (fault) => {
            broken = fault;
            throw fault;
          });
        },
      };
    }),
    'worker-ends-without-metadata: ends its loop at the first error of the queue': replacing(
      'jobRepository',
      (real) => {
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
      },
    ),
  }),
  ...breaking('RES-34', {
    'interrupted-job-forgotten: takes pending jobs alone: one it gave up during an outage stays processing': {
      'jobRepository.claim': async ({ real }) => {
        const claim = await real.claim();
        // It stays held by nobody, as if it had not been found.
        return claim?.resumed === true ? undefined : claim;
      },
    },
    'outage-of-metadata-called-internal-error: says internal_error of a job that MongoDB interrupted': {
      'pipeline.run': async ({ real }, claim, signal) => {
        if (claim.resumed)
          throw new VaultFault('internal_error', 'The job was interrupted.', { transient: false });
        return await real.run(claim, signal);
      },
    },
  }),
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
