import { type Db, Double, Int32, Long } from 'mongodb';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';

/** One document of `logs` as contract section 3 wants it. */
export interface MetadataRecord {
  readonly kind: 'record';
  readonly logId: string;
  readonly providerId: string;
  /** The provider's own id for the log. */
  readonly sourceId: string;
  readonly jobId: string;
  /** The provider's string, unchanged. */
  readonly timestamp: string;
  readonly checksum: string;
  readonly bytes: number;
  readonly object: { readonly bucket: string; readonly key: string };
}

/** One document of `logs` that is not what contract section 3 wants: the vault's failing, told in words. */
export interface MalformedRecord {
  readonly kind: 'malformed';
  readonly logId: string;
  /** For example `bytes: expected number, received string; object.key: missing`. */
  readonly problem: string;
}

export type StoredRecord = MetadataRecord | MalformedRecord;

const MARK_COLLECTION = 'audit_vault_suite';
const MARK_ID = 'mark';
const DROP_WITHIN_MS = 2_000;
/** All that the suite ever empties. */
const VAULT_COLLECTIONS = ['logs', 'jobs'] as const;

interface LogDocument {
  readonly _id: unknown;
}

interface MarkDocument {
  readonly _id: string;
  readonly run: string;
  readonly made_at: Date;
}

/** Vaults write whole numbers as int32, int64 or double, and drivers hand them over in various forms. */
const wholeNumber = z.preprocess((value) => {
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Double || value instanceof Int32) return value.value;
  return typeof value === 'bigint' ? Number(value) : value;
}, z.number().int().nonnegative());

const logDocument = z.object({
  _id: z.string(),
  provider_id: z.string(),
  source_id: z.string(),
  job_id: z.string(),
  timestamp: z.string(),
  checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not "sha256:" and 64 lower-case hex digits'),
  bytes: wholeNumber,
  object: z.object({ bucket: z.string(), key: z.string() }),
});

/**
 * The records in MongoDB, seen by the suite itself, past the gate and past the vault (contract section 3).
 */
export class MetadataProbe {
  readonly #db: Db;
  #isOwn = false;

  /** @param db the vault's database, on a connection that does not lead through the gate */
  constructor(db: Db) {
    this.#db = db;
  }

  /** The record of one log, or undefined. */
  async recordOf(logId: string): Promise<StoredRecord | undefined> {
    return (await this.#find({ _id: logId }))[0];
  }

  /** All records of one of the provider's logs: more than one is a duplicate. */
  async recordsOf(log: {
    readonly providerId: string;
    readonly sourceId: string;
  }): Promise<readonly StoredRecord[]> {
    return await this.#find({ provider_id: log.providerId, source_id: log.sourceId });
  }

  /** Every record, in the order of `log_id`. */
  async allRecords(): Promise<readonly StoredRecord[]> {
    return await this.#find({});
  }

  /** Counts the records. */
  async count(): Promise<number> {
    return await this.#db.collection('logs').countDocuments({});
  }

  /**
   * Makes sure, once before the vault is let in, that the database is the suite's to empty: it bears the
   * suite's mark, or it holds nothing and is given it (contract section 7).
   * @param run says in the mark who made it, for whoever finds it
   * @throws SuiteError if it holds documents and bears no mark
   */
  async ensureOwn(run: string): Promise<void> {
    const marks = this.#db.collection<MarkDocument>(MARK_COLLECTION);
    if ((await marks.findOne({ _id: MARK_ID })) === null) {
      for (const name of VAULT_COLLECTIONS) {
        if ((await this.#db.collection(name).findOne({})) !== null) {
          throw new SuiteError(
            `The database "${this.#db.databaseName}" holds documents in "${name}" that this suite did not put there, so it will not empty it: name another database in MONGODB_DB, or empty it yourself.`,
          );
        }
      }
      // An upsert, so that two runs at once both succeed.
      const mark = { run, made_at: new Date() };
      await marks.updateOne({ _id: MARK_ID }, { $setOnInsert: mark }, { upsert: true });
    }
    this.#isOwn = true;
  }

  /**
   * Deletes the documents of `logs` and `jobs`, nothing else: a vault's collections and indexes stay.
   * @throws SuiteError unless `ensureOwn` succeeded before
   */
  async empty(): Promise<void> {
    if (!this.#isOwn) {
      throw new SuiteError(
        `The suite must not empty the database "${this.#db.databaseName}" before it made sure that it is its own: call ensureOwn first.`,
      );
    }
    await Promise.all(VAULT_COLLECTIONS.map((name) => this.#db.collection(name).deleteMany({})));
  }

  /**
   * Drops the database, for one that no other run will use. One that bears no mark (any more), or whose
   * server cannot drop or does not answer in time, stays as it is: whoever drops is leaving.
   */
  async drop(): Promise<void> {
    if (!this.#isOwn) return;
    try {
      const within = { timeoutMS: DROP_WITHIN_MS };
      const mark = await this.#db.collection<MarkDocument>(MARK_COLLECTION).findOne({ _id: MARK_ID }, within);
      if (mark !== null) await this.#db.dropDatabase(within);
    } catch {
      // Nothing rests on it.
    }
  }

  async #find(filter: Readonly<Record<string, string>>): Promise<readonly StoredRecord[]> {
    const logs = this.#db.collection<LogDocument>('logs');
    return (await logs.find(filter).sort({ _id: 1 }).toArray()).map(toRecord);
  }
}

function toRecord(document: LogDocument): StoredRecord {
  const parsed = logDocument.safeParse(document);
  if (!parsed.success) {
    const problem = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${wording(issue.message)}`);
    return { kind: 'malformed', logId: String(document._id), problem: problem.join('; ') };
  }
  const { _id, provider_id, source_id, job_id, timestamp, checksum, bytes, object } = parsed.data;
  return {
    kind: 'record',
    logId: _id,
    providerId: provider_id,
    sourceId: source_id,
    jobId: job_id,
    timestamp,
    checksum,
    bytes,
    object,
  };
}

function wording(message: string): string {
  return /received undefined$/.test(message) ? 'missing' : message.replace(/^Invalid input: /, '');
}
