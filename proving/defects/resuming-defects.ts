import type { Made } from '../../reference-vault/parts';
import type { JobMetrics, LogDocument } from '../../reference-vault/persistence/documents';
import type { Change } from './change';
import { breaking, type Defect, ofProcess } from './defect';
import { replacing } from './part-changes';

/** Bugs in how a process goes on with work that another one had begun. */
export const resumingDefects: readonly Defect[] = breaking('OPS-3', {
  'counted-in-memory: counts what it stores in memory': replacing('logRepository', (real) => {
    const counts = new Map<string, JobMetrics>();
    return {
      add: async (records) => {
        await real.add(records);
        for (const { job_id, bytes } of records) counts.set(job_id, counted(counts.get(job_id), bytes));
      },
      metricsOf: async (jobId) => counts.get(jobId) ?? counted(undefined, undefined),
    };
  }),
  'manifest-from-memory: lists in the manifest what this process stored': replacing(
    'logRepository',
    (real) => {
      const written: LogDocument[] = [];
      return {
        add: async (records) => {
          await real.add(records);
          written.push(...records);
        },
        writtenBy: async (jobId) => written.filter(({ job_id }) => job_id === jobId),
      };
    },
  ),
  'present-object-taken-for-recorded: takes a log whose object is there for one that it had done with': {
    'logArchiver.archive': async ({ real, naming, objectStore }, log, job, signal) => {
      const logId = naming.logId(job.provider_id, log.sourceId);
      const key = naming.objectKey(log.instant.dayPath, job.provider_id, logId);
      // The pipeline leaves out what needs no record.
      if (await objectStore.exists(key, signal)) return undefined as never;
      return await real.archive(log, job, signal);
    },
  },
  'page-ticked-off-early: notes a page as done once it is listed, and goes on after it': tickedOff(),
}).map(ofProcess);

/** The notes outlive the process; what they say was not stored yet. */
function tickedOff(): Change {
  return replacing('providerClient', (real, made) => {
    // Made after this part.
    const metadata = (): Made['metadataStore'] => made.metadataStore;
    const mine = new Set<string>();
    return {
      listPage: async (providerId, ...args) => {
        const page = await real.listPage(providerId, ...args);
        const id = (sourceId: string): string => `listed ${providerId} ${sourceId}`;
        const ids = page.logs.map(({ sourceId }) => id(sourceId));
        const noted = await metadata().run(({ jobs }) => jobs.find({ _id: { $in: ids } }).toArray());
        const done = new Set(noted.map(({ _id }) => _id).filter((known) => !mine.has(known)));
        for (const fresh of ids.filter((known) => !done.has(known) && !mine.has(known))) {
          mine.add(fresh);
          const note = { active_key: fresh, queue_slot: fresh, state: 'completed' } as const;
          await metadata().run(({ jobs }) =>
            jobs.updateOne({ _id: fresh }, { $set: note }, { upsert: true }),
          );
        }
        return { ...page, logs: page.logs.filter(({ sourceId }) => !done.has(id(sourceId))) };
      },
    };
  });
}

function counted(before: JobMetrics | undefined, bytes: number | undefined): JobMetrics {
  return {
    records_synced: (before?.records_synced ?? 0) + (bytes === undefined ? 0 : 1),
    bytes_written: (before?.bytes_written ?? 0) + (bytes ?? 0),
  };
}
