import type { FastifyInstance } from 'fastify';
import type { Worker } from '../job-orchestration/worker';
import type { Logger } from '../logging';
import type { JobRepository } from '../persistence/job-repository';
import type { ConnectionTest } from '../provider-integration/connection-test';
import type { JobStatus } from './job-status';
import type { RequestValidation } from './request-validation';

/** A guess per job, for the estimate. Nothing rests on it. */
const TYPICAL_JOB_MS = 500;

/** `POST /v1/ingest`, `GET /v1/jobs/{job_id}` and `POST /v1/providers/validate` (contract section 1). */
export function registerIngestionRoutes(
  app: FastifyInstance,
  parts: {
    readonly requestValidation: RequestValidation;
    readonly jobRepository: JobRepository;
    readonly worker: Worker;
    readonly jobStatus: JobStatus;
    readonly connectionTest: ConnectionTest;
    readonly logger: Logger;
    readonly concurrency: number;
  },
): void {
  app.post('/v1/ingest', async (request, reply) => {
    const ingest = parts.requestValidation.ingest(request.body);
    const { jobId, ahead } = await parts.jobRepository.submit(ingest);
    parts.worker.wake();
    parts.logger.info('job accepted', { job_id: jobId, provider_id: ingest.providerId });
    reply.code(202).header('location', `/v1/jobs/${jobId}`);
    return {
      job_id: jobId,
      status: 'queued',
      estimated_completion_ms: Math.ceil((ahead + 1) / parts.concurrency) * TYPICAL_JOB_MS,
    };
  });

  app.get<{ Params: { jobId: string } }>(
    '/v1/jobs/:jobId',
    async (request) => await parts.jobStatus.of(request.params.jobId),
  );

  app.post('/v1/providers/validate', async (request) => {
    const { apiKey } = parts.requestValidation.credentials(request.body);
    const { latencyMs } = await parts.connectionTest.run(apiKey);
    return { connection: 'secure', latency_ms: latencyMs };
  });
}
