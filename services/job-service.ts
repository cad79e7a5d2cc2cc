import { z } from 'zod';
import { expectAnswer } from './answer';
import { type AnswerWords, CONTRACT_WORDS } from './answer-words';
import type { VaultAnswer, VaultClient } from './vault-client';

export const jobStates = ['pending', 'processing', 'completed', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

/** A job as `GET /v1/jobs/{job_id}` shows it (contract, section 1). */
export interface Job {
  readonly jobId: string;
  readonly state: JobState;
  readonly recordsSynced: number;
  readonly bytesWritten: number;
  readonly s3Path: string | undefined;
  /** Its code is the contract's, whatever the vault's word for it is. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

const count = z.number().int().nonnegative();
const jobBody = z
  .looseObject({
    job_id: z.string(),
    state: z.enum(jobStates),
    metrics: z.looseObject({ records_synced: count, bytes_written: count }),
    artifacts: z.looseObject({ s3_path: z.string().nullish() }).nullish(),
    error: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
  })
  .transform(
    (body): Job => ({
      jobId: body.job_id,
      state: body.state,
      recordsSynced: body.metrics.records_synced,
      bytesWritten: body.metrics.bytes_written,
      s3Path: body.artifacts?.s3_path ?? undefined,
      error: body.error ?? undefined,
    }),
  );

/** `GET /v1/jobs/{job_id}` (contract, section 1). */
export class JobService {
  readonly #client: VaultClient;
  readonly #words: Pick<AnswerWords, 'readErrorCode'>;

  constructor(client: VaultClient, words: Pick<AnswerWords, 'readErrorCode'> = CONTRACT_WORDS) {
    this.#client = client;
    this.#words = words;
  }

  /** @throws AnswerError, NoAnswerError */
  async get(jobId: string): Promise<Job> {
    const path = pathOf(jobId);
    const answer = await this.#client.send('GET', path);
    const job = expectAnswer({ client: this.#client, method: 'GET', path, answer }, 200, jobBody);
    if (job.error === undefined) return job;
    return { ...job, error: { ...job.error, code: this.#words.readErrorCode(job.error.code) } };
  }

  /** The answer as it came, whatever it is. @throws NoAnswerError */
  async ask(jobId: string): Promise<VaultAnswer> {
    return await this.#client.send('GET', pathOf(jobId));
  }
}

export function isTerminal(state: JobState): boolean {
  return state === 'completed' || state === 'failed';
}

function pathOf(jobId: string): string {
  return `/v1/jobs/${encodeURIComponent(jobId)}`;
}
