import type { MongoClient } from 'mongodb';
import { type Collection, MongoError, MongoServerError } from 'mongodb';
import { VaultFault } from '../faults';
import { failOnSilence, SilentCall } from '../silence';
import type { JobDocument, LogDocument } from './documents';

import type { RetryPolicy } from './retry-policy';

export interface Collections {
  readonly jobs: Collection<JobDocument>;
  readonly logs: Collection<LogDocument>;
}

/**
 * The way to MongoDB: connects, sees to the indexes, retries by time, and says in one kind of error that
 * nobody is there.
 */
export interface MetadataStore {
  /**
   * Runs a call against the collections. It is run again after a transient failure, so it must be harmless to
   * repeat, even when the first run was done and only its answer was lost.
   *
   * @throws VaultFault `metadata_unavailable`, and whatever else `call` throws that is not MongoDB's
   */
  run<T>(call: (collections: Collections) => Promise<T>): Promise<T>;
  /** Ends what is running, for the vault stops. The client stays open: it is not ours. */
  close(): void;
}

/** One attempt; with the retry window it keeps every answer of the API within 15 s (contract section 1). */
const CALL_LIMIT_MS = 4000;

export class MongoMetadataStore implements MetadataStore {
  readonly #closing = new AbortController();
  readonly #collections: Collections;
  #indexed: Promise<void> | undefined;

  constructor(
    private readonly client: MongoClient,
    database: string,
    private readonly retryPolicy: RetryPolicy,
  ) {
    const db = client.db(database);
    this.#collections = { jobs: db.collection('jobs'), logs: db.collection('logs') };
  }

  async run<T>(call: (collections: Collections) => Promise<T>): Promise<T> {
    const { signal } = this.#closing;
    const attempt = async (): Promise<T> => {
      try {
        return await failOnSilence(CALL_LIMIT_MS, () => this.#attempt(call), signal);
      } catch (error) {
        throw toMetadataFault(error);
      }
    };
    return await this.retryPolicy.byTime(attempt, signal);
  }

  close(): void {
    this.#closing.abort(metadataFault(false, 'The vault is stopping.'));
  }

  async #attempt<T>(call: (collections: Collections) => Promise<T>): Promise<T> {
    // A no-op while connected. A client whose very first connect failed stays closed until it is asked to
    // connect again.
    await this.client.connect();
    await this.#ensureIndexes();
    return await call(this.#collections);
  }

  #ensureIndexes(): Promise<void> {
    this.#indexed ??= createIndexes(this.#collections).catch((error: unknown) => {
      this.#indexed = undefined;
      throw error;
    });
    return this.#indexed;
  }
}

async function createIndexes({ jobs, logs }: Collections): Promise<void> {
  // The two uniques are what makes coalescing and the queue limit exact, however many processes submit at
  // once.
  await jobs.createIndex({ active_key: 1 }, { unique: true });
  await jobs.createIndex({ queue_slot: 1 }, { unique: true });
  await jobs.createIndex({ state: -1, priority_rank: 1, created_at: 1, _id: 1 });
  await logs.createIndex({ instant: 1, _id: 1 });
  await logs.createIndex({ job_id: 1 });
}

/** True when a unique index refused a write. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}

/** Servers that shut down, step down or start up. */
const TRANSIENT_CODES: readonly unknown[] = [6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

function toMetadataFault(error: unknown): unknown {
  if (error instanceof SilentCall) return metadataFault(true, 'MongoDB does not answer.', error);
  // A connection that breaks while the driver waits for its socket to drain: the driver lets the socket's
  // error through as it is.
  if (isSocketError(error)) return metadataFault(true, 'MongoDB cannot be reached.', error);
  if (!(error instanceof MongoError)) return error;
  // What the driver itself reports is about the connection; what the server reports is about the call, with
  // exceptions. A connection that is lost during a batch comes in the guise of a server's error, but has no
  // code.
  const transient =
    !(error instanceof MongoServerError) ||
    error.code === undefined ||
    error.hasErrorLabel('RetryableWriteError') ||
    TRANSIENT_CODES.includes(error.code);
  return transient
    ? metadataFault(true, 'MongoDB cannot be reached.', error)
    : metadataFault(false, `MongoDB refused a call: ${error.codeName ?? error.code ?? error.name}.`, error);
}

function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function metadataFault(transient: boolean, message: string, cause?: unknown): VaultFault {
  return new VaultFault('metadata_unavailable', message, { transient, cause });
}
