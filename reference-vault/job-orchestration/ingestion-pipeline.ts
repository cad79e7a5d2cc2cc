import { providerFault } from '../faults';
import type { JobDocument, LogDocument } from '../persistence/documents';
import type { Claim } from '../persistence/job-repository';
import type { LogRepository } from '../persistence/log-repository';
import type { Naming } from '../persistence/naming';
import type { ObjectStore } from '../persistence/object-store';
import type { RetryPolicy } from '../persistence/retry-policy';
import type { ListedLog, ListingPage, ProviderClient } from '../provider-integration/provider-client';
import { parseInstant } from '../timestamps';
import { concurrently } from './concurrently';
import type { LogArchiver } from './log-archiver';

/** Takes a job from its claim to its completion. */
export interface IngestionPipeline {
  /**
   * Stores every listed log that is not stored yet, objects before metadata, then the manifest. May be run
   * again after any interruption: it picks up what is there.
   *
   * @returns the manifest's key
   * @throws VaultFault, or the reason of `signal`; nothing of the run goes on after that
   */
  run(claim: Claim, signal: AbortSignal): Promise<string>;
}

/** The collaborators of {@link BatchingPipeline}. */
export interface PipelineParts {
  readonly providerClient: ProviderClient;
  readonly logArchiver: LogArchiver;
  readonly logRepository: LogRepository;
  readonly objectStore: ObjectStore;
  readonly retryPolicy: RetryPolicy;
  readonly naming: Naming;
}

/** Logs whose metadata is written together, and payloads that are in memory together, per job. */
const BATCH_LOGS = 64;
const PAYLOADS_AT_ONCE = 8;

export class BatchingPipeline implements IngestionPipeline {
  constructor(private readonly parts: PipelineParts) {}

  async run({ job, resumed }: Claim, signal: AbortSignal): Promise<string> {
    const { naming, objectStore, retryPolicy } = this.parts;
    const manifestKey = naming.manifestKey(parseInstant(job.range.start)?.dayPath ?? 'undated', job._id);
    // The manifest is a job's last object: where there is one, a holder before us was done but for saying so.
    // Later logs would be missing in it.
    if (resumed && (await retryPolicy.byAttempts(() => objectStore.exists(manifestKey, signal), signal))) {
      return manifestKey;
    }
    for await (const batch of this.#listedBatches(job, signal)) await this.#ingest(batch, job, signal);
    const manifest = Buffer.from(JSON.stringify(await this.#manifestOf(job)));
    await retryPolicy.byAttempts(() => objectStore.put(manifestKey, manifest, signal), signal);
    return manifestKey;
  }

  /** The logs the provider lists, each once, page by page. */
  async *#listedBatches(job: JobDocument, signal: AbortSignal): AsyncGenerator<readonly ListedLog[]> {
    const seenIds = new Set<string>();
    const seenCursors = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await this.#page(job, cursor, seenCursors, signal);
      const fresh = page.logs.filter(({ sourceId }) => !seenIds.has(sourceId) && seenIds.add(sourceId));
      for (let at = 0; at < fresh.length; at += BATCH_LOGS) yield fresh.slice(at, at + BATCH_LOGS);
      cursor = page.nextCursor ?? undefined;
      if (cursor !== undefined) seenCursors.add(cursor);
    } while (cursor !== undefined);
  }

  async #page(
    { provider_id, range }: JobDocument,
    cursor: string | undefined,
    seenCursors: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<ListingPage> {
    const { providerClient, retryPolicy } = this.parts;
    return await retryPolicy.byAttempts(async () => {
      const page = await providerClient.listPage(provider_id, range, cursor, signal);
      if (page.nextCursor !== null && seenCursors.has(page.nextCursor)) {
        throw providerFault('unavailable', "The provider's listing goes round in circles.");
      }
      return page;
    }, signal);
  }

  async #ingest(batch: readonly ListedLog[], job: JobDocument, signal: AbortSignal): Promise<void> {
    const { logArchiver, logRepository, naming } = this.parts;
    const idOf = (log: ListedLog): string => naming.logId(job.provider_id, log.sourceId);
    const recorded = await logRepository.recorded(batch.map(idOf));
    const { results, failure } = await concurrently(batch, PAYLOADS_AT_ONCE, async (log) => {
      const record = recorded.get(idOf(log));
      if (record === undefined) return await logArchiver.archive(log, job, signal);
      await logArchiver.restore(record, signal);
      return undefined;
    });
    // A job that was lost or put down writes nothing more.
    signal.throwIfAborted();
    // After a failure too: what is stored should not have to be stored again.
    await logRepository.add(results.filter((record) => record !== undefined));
    if (failure !== undefined) throw failure.error;
  }

  async #manifestOf(job: JobDocument): Promise<object> {
    const written = await this.parts.logRepository.writtenBy(job._id);
    return {
      job_id: job._id,
      provider_id: job.provider_id,
      range: job.range,
      logs: written.map(({ _id, object, checksum, bytes }: LogDocument) => ({
        id: _id,
        key: object.key,
        checksum,
        bytes,
      })),
    };
  }
}
