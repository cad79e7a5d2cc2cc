import type { FaultCode } from '../faults';

export type Priority = 'high' | 'normal' | 'low';
export type JobState = 'pending' | 'processing' | 'completed' | 'failed';

/** The timestamps of an ingest request, as the client wrote them. */
export interface IngestRange {
  readonly start: string;
  readonly end: string;
}

/** A request to ingest, after validation. */
export interface IngestRequest {
  readonly providerId: string;
  readonly range: IngestRange;
  readonly priority: Priority;
  /** Equal for requests of the same provider and the same instants, however these were written. */
  readonly coalescingKey: string;
}

/** A job as MongoDB holds it. The collection is the vault's own business (contract section 3). */
export interface JobDocument {
  readonly _id: string;
  readonly provider_id: string;
  readonly range: IngestRange;
  readonly priority: Priority;
  /** `priority` as a number that sorts. */
  readonly priority_rank: number;
  readonly state: JobState;
  readonly created_at: Date;
  /** The coalescing key while the job is pending or processing, its own id after that. Unique. */
  readonly active_key: string;
  /**
   * A number below the queue limit while the job is pending, its own id after that. Unique, so it bounds the
   * queue.
   */
  readonly queue_slot: number | string;
  /**
   * Until when the holder of a processing job has it for itself; long ago for one that waits for a holder.
   */
  readonly lease_until: Date;
  /** Goes up with every change of hands, so that a holder who lost the job cannot write to it any more. */
  readonly claims: number;
  readonly metrics?: JobMetrics;
  readonly s3_path?: string;
  readonly error?: JobFailure;
}

export interface JobFailure {
  readonly code: FaultCode;
  readonly message: string;
}

/** A log's metadata as MongoDB holds it (contract section 3), plus `instant`. */
export interface LogDocument {
  readonly _id: string;
  readonly provider_id: string;
  readonly source_id: string;
  /** The job that wrote this record. */
  readonly job_id: string;
  /** As the provider wrote it. */
  readonly timestamp: string;
  /** The sort key of `timestamp`: see {@link Instant}. */
  readonly instant: string;
  readonly checksum: string;
  readonly bytes: number;
  readonly object: { readonly bucket: string; readonly key: string };
}

/** The counts of a job. */
export interface JobMetrics {
  readonly records_synced: number;
  readonly bytes_written: number;
}
