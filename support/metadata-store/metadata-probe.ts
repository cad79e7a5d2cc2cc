import { type Db, type Document, MongoServerError } from 'mongodb';
import { SuiteError } from '../bytes/errors';
import type { MetadataShape, StoredRecord } from '../profile/metadata-shape';
import { CONTRACT_PROFILE, JOBS_COLLECTION, SUITE_COLLECTION } from '../profile/profile';

const MARK_ID = 'mark';
const NO_SUCH_COMMAND = 59;
const DROP_WITHIN_MS = 2_000;
const DROP_COLLECTION_WITHIN_MS = 20_000;

interface MarkDocument {
  readonly _id: string;
  readonly run: string;
  readonly made_at: Date;
}

/**
 * The records in MongoDB, seen by the suite itself, past the gate and past the vault (contract section 3).
 */
export class MetadataProbe {
  readonly #db: Db;
  readonly #shape: MetadataShape;
  /** All that the suite ever empties. */
  readonly #collections: readonly string[];
  #isOwn = false;

  /**
   * @param db the vault's database, on a connection that does not lead through the gate
   * @param shape where records lie, and how they are written
   */
  constructor(db: Db, shape: MetadataShape = CONTRACT_PROFILE.metadata) {
    this.#db = db;
    this.#shape = shape;
    this.#collections = [...new Set([shape.collection, JOBS_COLLECTION])];
  }

  /** All records of one of the provider's logs: more than one is a duplicate. */
  async recordsOf(log: {
    readonly providerId: string;
    readonly sourceId: string;
  }): Promise<readonly StoredRecord[]> {
    return await this.#find(this.#shape.documentsOf(log));
  }

  /** Every record, in the order of `log_id`. */
  async allRecords(): Promise<readonly StoredRecord[]> {
    return await this.#find({});
  }

  /** Every document as it lies there, whatever its shape. */
  async documents(): Promise<readonly Document[]> {
    return await this.#db.collection(this.#shape.collection).find({}).toArray();
  }

  /** The collections that hold anything, and how much; `undefined` where the server does not list them. */
  async filledCollections(): Promise<readonly string[] | undefined> {
    const names = await this.#collectionNames();
    if (names === undefined) return undefined;
    const counts = await Promise.all(
      names.map(async (name) => [name, await this.#db.collection(name).countDocuments({})] as const),
    );
    return counts
      .filter(([name, count]) => count > 0 && name !== SUITE_COLLECTION)
      .map(([name, count]) => `${name} (${count})`);
  }

  /** The stand-in has no such command. */
  async #collectionNames(): Promise<readonly string[] | undefined> {
    try {
      return (await this.#db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    } catch (error) {
      if (error instanceof MongoServerError && error.code === NO_SUCH_COMMAND) return undefined;
      throw error;
    }
  }

  /** Counts the records. */
  async count(): Promise<number> {
    return await this.#db.collection(this.#shape.collection).countDocuments({});
  }

  /**
   * Makes sure, once before the vault is let in, that the database is the suite's to empty: it bears the
   * suite's mark, or it holds nothing and is given it (contract section 7).
   * @param run says in the mark who made it, for whoever finds it
   * @throws SuiteError if it holds documents and bears no mark
   */
  async ensureOwn(run: string): Promise<void> {
    const marks = this.#db.collection<MarkDocument>(SUITE_COLLECTION);
    if ((await marks.findOne({ _id: MARK_ID })) === null) {
      for (const name of this.#collections) {
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
   * Does as `ensureOwn`, and drops the collections that an earlier run left, for a vault that is only started after it.
   * Emptied ones keep their indexes: a unique one of another vault, on a member that this vault does not write, would
   * let in one of its documents and no more. A server that cannot drop keeps them.
   */
  async beginAfresh(run: string): Promise<void> {
    await this.ensureOwn(run);
    await Promise.all(
      this.#collections.map((name) =>
        this.#db.dropCollection(name, { timeoutMS: DROP_COLLECTION_WITHIN_MS }).catch(() => false),
      ),
    );
  }

  /**
   * Deletes the documents of metadata and `jobs`, nothing else: a vault's collections and indexes stay.
   * @throws SuiteError unless `ensureOwn` succeeded before
   */
  async empty(): Promise<void> {
    if (!this.#isOwn) {
      throw new SuiteError(
        `The suite must not empty the database "${this.#db.databaseName}" before it made sure that it is its own: call ensureOwn first.`,
      );
    }
    await Promise.all(this.#collections.map((name) => this.#db.collection(name).deleteMany({})));
  }

  /**
   * Drops the database, for one that no other run will use. One that bears no mark (any more), or whose
   * server cannot drop or does not answer in time, stays as it is: whoever drops is leaving.
   */
  async drop(): Promise<void> {
    if (!this.#isOwn) return;
    try {
      const within = { timeoutMS: DROP_WITHIN_MS };
      const mark = await this.#db
        .collection<MarkDocument>(SUITE_COLLECTION)
        .findOne({ _id: MARK_ID }, within);
      if (mark !== null) await this.#db.dropDatabase(within);
    } catch {
      // Nothing rests on it.
    }
  }

  async #find(filter: Document): Promise<readonly StoredRecord[]> {
    const logs = this.#db.collection(this.#shape.collection);
    const found = await logs
      .find(filter)
      .sort({ [this.#shape.paths.logId]: 1 })
      .toArray();
    return found.map((document) => this.#shape.record(document));
  }
}
