import { z } from 'zod';
import { expectAnswer } from './answer';
import { NoAnswerError, type VaultAnswer, type VaultClient } from './vault-client';

export interface TimeRange {
  readonly start: string;
  readonly end: string;
}

export type Priority = 'high' | 'normal' | 'low';

export interface IngestRequest {
  readonly provider_id: string;
  readonly range: TimeRange;
  readonly priority?: Priority;
}

export interface AcceptedIngest {
  readonly jobId: string;
  readonly estimatedCompletionMs: number;
}

/**
 * Hears of everything a vault took on, whichever step asked for it, so that nothing accepted can be
 * forgotten.
 */
export interface IngestionJournal {
  accepted(jobId: string, request: IngestRequest): void;
  /**
   * Nothing was learnt: no answer came, or one that names no job. A vault that answers `503` may have written
   * the job just before it lost its MongoDB.
   */
  unanswered(request: IngestRequest): void;
}

/** The answer to an ingestion that is accepted (contract, section 1). */
export const acceptedBody = z.looseObject({
  job_id: z.string().min(1),
  status: z.literal('queued'),
  estimated_completion_ms: z.number().nonnegative(),
});

/** `POST /v1/ingest` (contract, section 1). */
export class IngestionService {
  readonly #client: VaultClient;
  readonly #journal: IngestionJournal;

  constructor(client: VaultClient, journal: IngestionJournal) {
    this.#client = client;
    this.#journal = journal;
  }

  /** Asks for an ingestion that has to be accepted. @throws AnswerError, NoAnswerError */
  async ingest(request: IngestRequest): Promise<AcceptedIngest> {
    const answer = await this.ask(request);
    const body = expectAnswer(
      { client: this.#client, method: 'POST', path: '/v1/ingest', answer },
      202,
      acceptedBody,
    );
    return { jobId: body.job_id, estimatedCompletionMs: body.estimated_completion_ms };
  }

  /**
   * Asks for an ingestion, whatever the answer.
   * @param mediaType with its parameters
   * @throws NoAnswerError
   */
  async ask(request: IngestRequest, mediaType = 'application/json'): Promise<VaultAnswer> {
    try {
      const answer = await this.askRaw(JSON.stringify(request), { 'content-type': mediaType });
      const jobId = acceptedJobIn(answer);
      if (jobId !== undefined) this.#journal.accepted(jobId, request);
      else if (answer.status === 202 || answer.status === 503) this.#journal.unanswered(request);
      return answer;
    } catch (error) {
      if (error instanceof NoAnswerError) this.#journal.unanswered(request);
      throw error;
    }
  }

  /** Sends a body as it is, for requests that have to be refused. @throws NoAnswerError */
  async askRaw(body: string | Buffer, headers: Readonly<Record<string, string>>): Promise<VaultAnswer> {
    return await this.#client.send('POST', '/v1/ingest', { body, headers });
  }
}

/** The job an answer accepts; `undefined` when it accepts none. */
export function acceptedJobIn(answer: VaultAnswer): string | undefined {
  if (answer.status !== 202) return undefined;
  try {
    return z.looseObject({ job_id: z.string() }).parse(JSON.parse(answer.body.toString())).job_id;
  } catch {
    return undefined;
  }
}
