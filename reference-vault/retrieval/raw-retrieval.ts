import type { Readable } from 'node:stream';
import type { Logger } from '../logging';
import type { LogRepository } from '../persistence/log-repository';
import type { ObjectStore } from '../persistence/object-store';

/** A log's stored bytes on their way out. */
export interface RawContent {
  /** As recorded at ingest; never recomputed, so that tampering shows (contract section 1). */
  readonly checksum: string;
  readonly bytes: number | undefined;
  readonly body: Readable;
}

/** Nobody ever stored such a log. */
export class LogUnknown extends Error {
  override readonly name = 'LogUnknown';
}

/** The log was stored, its metadata is the evidence, and its object is gone (contract section 5). */
export class RawContentMissing extends Error {
  override readonly name = 'RawContentMissing';

  constructor(
    readonly logId: string,
    readonly checksum: string,
  ) {
    super('Raw Content Missing');
  }
}

/** Reads what is stored of a log. */
export interface RawRetrieval {
  /**
   * @param signal aborted when nobody waits for the answer any more
   * @throws LogUnknown, RawContentMissing, or VaultFault when it cannot be known
   */
  open(logId: string, signal: AbortSignal): Promise<RawContent>;
}

export class StreamingRawRetrieval implements RawRetrieval {
  constructor(
    private readonly logs: LogRepository,
    private readonly objects: ObjectStore,
    private readonly logger: Logger,
  ) {}

  async open(logId: string, signal: AbortSignal): Promise<RawContent> {
    const record = await this.logs.find(logId);
    if (record === undefined) throw new LogUnknown('There is no such log.');
    const { checksum, object } = record;
    const stored = await this.objects.open(object.key, signal);
    if (stored === undefined) {
      this.logger.error('raw content missing', { log_id: logId, key: object.key, checksum });
      throw new RawContentMissing(logId, checksum);
    }
    return { checksum, ...stored };
  }
}
