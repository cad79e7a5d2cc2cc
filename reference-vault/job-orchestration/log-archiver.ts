import { storageFault } from '../faults';
import type { JobDocument, LogDocument } from '../persistence/documents';
import type { Naming } from '../persistence/naming';
import { type ObjectStore, readObject } from '../persistence/object-store';
import type { RetryPolicy } from '../persistence/retry-policy';
import type { Checksum } from '../persistence/sha256-checksum';
import type { ListedLog, ProviderClient } from '../provider-integration/provider-client';

/** Brings one log's payload from the provider into the bucket. */
export interface LogArchiver {
  /**
   * Fetches and stores a new log and describes what is stored. The record is not written: that comes after,
   * in a batch.
   *
   * @throws VaultFault, or the reason of `signal`
   */
  archive(log: ListedLog, job: JobDocument, signal: AbortSignal): Promise<LogDocument>;
  /**
   * Sees to it that a log which has a record has its object, for a completed job promises that its logs are
   * readable, whoever stored them. A lost object is put back, but only with the very bytes that the record
   * describes.
   *
   * @throws VaultFault, or the reason of `signal`
   */
  restore(record: LogDocument, signal: AbortSignal): Promise<void>;
}

/** The collaborators of {@link RetryingLogArchiver}. */
export interface ArchiverParts {
  readonly providerClient: ProviderClient;
  readonly objectStore: ObjectStore;
  readonly retryPolicy: RetryPolicy;
  readonly checksum: Checksum;
  readonly naming: Naming;
  readonly bucket: string;
}

/** Returns the record of a log whose object holds these bytes. */
export function describeLog(
  log: ListedLog,
  job: JobDocument,
  stored: Buffer,
  { naming, checksum, bucket }: Pick<ArchiverParts, 'naming' | 'checksum' | 'bucket'>,
): LogDocument {
  const logId = naming.logId(job.provider_id, log.sourceId);
  return {
    _id: logId,
    provider_id: job.provider_id,
    source_id: log.sourceId,
    job_id: job._id,
    timestamp: log.timestamp,
    instant: log.instant.sortKey,
    checksum: checksum(stored),
    bytes: stored.byteLength,
    object: { bucket, key: naming.objectKey(log.instant.dayPath, job.provider_id, logId) },
  };
}

/** Payloads travel as one Buffer from the provider to every upload attempt: nothing decodes them. */
export class RetryingLogArchiver implements LogArchiver {
  constructor(private readonly parts: ArchiverParts) {}

  async archive(log: ListedLog, job: JobDocument, signal: AbortSignal): Promise<LogDocument> {
    const { naming } = this.parts;
    const logId = naming.logId(job.provider_id, log.sourceId);
    const key = naming.objectKey(log.instant.dayPath, job.provider_id, logId);
    const payload = await this.#fetch(job.provider_id, log.sourceId, signal);
    const stored = await this.#store(key, payload, signal);
    return describeLog(log, job, stored, this.parts);
  }

  async restore(record: LogDocument, signal: AbortSignal): Promise<void> {
    const { objectStore, retryPolicy, checksum } = this.parts;
    const { key } = record.object;
    if (await retryPolicy.byAttempts(() => objectStore.exists(key, signal), signal)) return;
    const payload = await this.#fetch(record.provider_id, record.source_id, signal);
    if (checksum(payload) !== record.checksum) {
      throw storageFault(
        'rejected',
        `The object of ${record._id} is lost, and the provider now has other bytes.`,
      );
    }
    await this.#store(key, payload, signal);
  }

  async #fetch(providerId: string, sourceId: string, signal: AbortSignal): Promise<Buffer> {
    const { providerClient, retryPolicy } = this.parts;
    return await retryPolicy.byAttempts(
      () => providerClient.fetchPayload(providerId, sourceId, signal),
      signal,
    );
  }

  /** Stores the payload and returns the bytes that are stored: those that lay there first, if any did. */
  async #store(key: string, payload: Buffer, signal: AbortSignal): Promise<Buffer> {
    const { objectStore, retryPolicy } = this.parts;
    const outcome = await retryPolicy.byAttempts(() => objectStore.put(key, payload, signal), signal);
    if (outcome === 'stored') return payload;
    const present = await retryPolicy.byAttempts(() => readObject(objectStore, key, signal), signal);
    if (present === undefined)
      throw storageFault('unavailable', 'An object vanished while it was being read.');
    return present;
  }
}
