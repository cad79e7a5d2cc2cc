import type { JobMetrics, LogDocument } from './documents';
import { isDuplicate, type MetadataStore } from './metadata-store';

/**
 * The `logs` collection. Records are written once and never changed. Every call throws VaultFault
 * `metadata_unavailable`.
 */
export interface LogRepository {
  /** Writes the records whose ids are new; for the others the first writer's record stays. */
  add(records: readonly LogDocument[]): Promise<void>;
  find(logId: string): Promise<LogDocument | undefined>;
  /** Those of the ids that have a record. */
  recorded(logIds: readonly string[]): Promise<ReadonlyMap<string, LogDocument>>;
  /** One page by instant, then id, and how many records there are in all. */
  page(page: {
    readonly limit: number;
    readonly offset: number;
  }): Promise<{ readonly logs: readonly LogDocument[]; readonly total: number }>;
  /**
   * The records a job wrote, by instant, then id: exact also after a crash, for it is counted and not
   * remembered.
   */
  writtenBy(jobId: string): Promise<readonly LogDocument[]>;
  metricsOf(jobId: string): Promise<JobMetrics>;
}

const BY_TIME = { instant: 1, _id: 1 } as const;

export class MongoLogRepository implements LogRepository {
  constructor(private readonly store: MetadataStore) {}

  async add(records: readonly LogDocument[]): Promise<void> {
    let rest = records;
    while (rest.length > 0) {
      const batch = rest;
      const complete = await this.store.run(async ({ logs }) => {
        try {
          await logs.insertMany([...batch], { ordered: false });
          return true;
        } catch (error) {
          // Another job was first with some of them, or our own insert was done and only its answer lost.
          if (isDuplicate(error)) return false;
          throw error;
        }
      });
      if (complete) return;
      const recorded = await this.recorded(batch.map(({ _id }) => _id));
      rest = batch.filter(({ _id }) => !recorded.has(_id));
    }
  }

  async find(logId: string): Promise<LogDocument | undefined> {
    return (await this.store.run(({ logs }) => logs.findOne({ _id: logId }))) ?? undefined;
  }

  async recorded(logIds: readonly string[]): Promise<ReadonlyMap<string, LogDocument>> {
    const found = await this.store.run(({ logs }) => logs.find({ _id: { $in: [...logIds] } }).toArray());
    return new Map(found.map((record) => [record._id, record]));
  }

  async page({ limit, offset }: { readonly limit: number; readonly offset: number }) {
    return await this.store.run(async ({ logs }) => {
      const total = await logs.countDocuments({});
      // Also keeps offsets from the server that it could not count to.
      if (offset >= total) return { logs: [], total };
      return { logs: await logs.find({}).sort(BY_TIME).skip(offset).limit(limit).toArray(), total };
    });
  }

  async writtenBy(jobId: string): Promise<readonly LogDocument[]> {
    return await this.store.run(({ logs }) => logs.find({ job_id: jobId }).sort(BY_TIME).toArray());
  }

  async metricsOf(jobId: string): Promise<JobMetrics> {
    // One accumulator a group: FerretDB leaves every further one at 0.
    const sizes = await this.store.run(({ logs }) =>
      logs
        .aggregate<{ readonly _id: number; readonly logs: number }>([
          { $match: { job_id: jobId } },
          { $group: { _id: '$bytes', logs: { $sum: 1 } } },
        ])
        .toArray(),
    );
    return {
      records_synced: sizes.reduce((sum, size) => sum + size.logs, 0),
      bytes_written: sizes.reduce((sum, size) => sum + size.logs * size._id, 0),
    };
  }
}
