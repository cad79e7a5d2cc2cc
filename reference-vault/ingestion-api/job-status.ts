import type { JobDocument, JobFailure, JobMetrics, JobState } from '../persistence/documents';
import type { JobRepository } from '../persistence/job-repository';
import type { LogRepository } from '../persistence/log-repository';

/** Nobody ever queued such a job. */
export class JobUnknown extends Error {
  override readonly name = 'JobUnknown';
}

/** The answer of `GET /v1/jobs/{job_id}`, as the contract writes it (section 1). */
export interface JobAnswer {
  readonly job_id: string;
  readonly state: JobState;
  readonly metrics: JobMetrics;
  readonly artifacts: { readonly s3_path?: string };
  readonly error?: JobFailure;
}

/** Says how a job is doing. */
export interface JobStatus {
  /** @throws JobUnknown, VaultFault `metadata_unavailable` */
  of(jobId: string): Promise<JobAnswer>;
}

const NOTHING_YET: JobMetrics = { records_synced: 0, bytes_written: 0 };

export class RepositoryJobStatus implements JobStatus {
  constructor(
    private readonly jobs: JobRepository,
    private readonly logs: LogRepository,
  ) {}

  async of(jobId: string): Promise<JobAnswer> {
    const job = await this.jobs.find(jobId);
    if (job === undefined) throw new JobUnknown('There is no such job.');
    return {
      job_id: job._id,
      state: job.state,
      metrics: await this.#metricsOf(job),
      artifacts: job.s3_path === undefined ? {} : { s3_path: job.s3_path },
      ...(job.error === undefined ? {} : { error: job.error }),
    };
  }

  async #metricsOf(job: JobDocument): Promise<JobMetrics> {
    return job.state === 'processing' ? await this.logs.metricsOf(job._id) : (job.metrics ?? NOTHING_YET);
  }
}
